#include "lang/kuery/kuery.h"
#include "lang/lucene/lucene.h"
namespace trailhound::kuery { std::optional<plan::Expr> lower(std::string_view, const lang::Fields&, const Options&, lang::Reporter&) { return plan::make(plan::IsTrue{plan::constant(true)}); } }
namespace trailhound::lucene { std::optional<plan::Expr> lower(std::string_view, const lang::Fields&, const Options&, lang::Reporter&) { return plan::make(plan::IsTrue{plan::constant(true)}); } }
