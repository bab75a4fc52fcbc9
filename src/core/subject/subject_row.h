// The columns MINGXIN_SUBJECT_COLUMNS of a row. Internal to this folder.
#pragma once
#include "store/store.h"
#include "subject/subject.h"

namespace mingxin::subject {
Subject read_subject(const store::Cursor& row);
}
