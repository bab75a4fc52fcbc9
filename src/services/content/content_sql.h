// Tables and statements of content. Internal to this folder.
#pragma once
#include "store/store.h"

namespace mingxin::content {

extern const store::Table kColumnTable, kArticleTable, kVersionTable, kShowingTable, kPictureUseTable,
    kStepTable, kPictureTable, kDraftTable, kPictureDataTable;

namespace sql {
extern const store::Sql kAllColumns, kFindColumn, kPutColumn, kEndColumn, kColumnsShown, kColumnsInWork;
extern const store::Sql kNextArticle, kFindArticle, kListArticles, kWaitingArticles, kSetArticle, kSetColumn,
    kColumnUsed;
extern const store::Sql kFindDraft, kDropDraft, kPutDraft;
extern const store::Sql kFindVersion, kVersionsOf, kSetVersion, kPassVersion;
extern const store::Sql kShowingsOf, kShowingsBetween, kCutShowings, kWithdrawShowings;
extern const store::Sql kStepsOf, kReleasedAt;
extern const store::Sql kFindPicture, kPictures, kPictureData, kPictureShown, kPicturesBesideData;
extern const store::Sql kPublicList, kPublicNewest, kPublicEvents, kPublicAll, kPublicAbout, kPublicCount;
}  // namespace sql

}  // namespace mingxin::content
