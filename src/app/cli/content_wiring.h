// The content service as the site asks for it.
#pragma once
#include "site/content.h"

namespace mingxin::cli {

site::Content content_of_site();

}  // namespace mingxin::cli
