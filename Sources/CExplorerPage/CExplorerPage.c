#include "CExplorerPage.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char style[] = {
#embed "../Report/Explorer/Page/explorer.css"
    , 0};

static const char document[] = {
#embed "../Report/Explorer/Page/explorer.html"
    , 0};

// Those that others need come first.
static const char script[] = {
#embed "../Report/Explorer/Page/text.js"
    , '\n',
#embed "../Report/Explorer/Page/colours.js"
    , '\n',
#embed "../Report/Explorer/Page/vector.js"
    , '\n',
#embed "../Report/Explorer/Page/tree.js"
    , '\n',
#embed "../Report/Explorer/Page/layout.js"
    , '\n',
#embed "../Report/Explorer/Page/strips.js"
    , '\n',
#embed "../Report/Explorer/Page/tips.js"
    , '\n',
#embed "../Report/Explorer/Page/painter.js"
    , '\n',
#embed "../Report/Explorer/Page/treeview.js"
    , '\n',
#embed "../Report/Explorer/Page/gestures.js"
    , '\n',
#embed "../Report/Explorer/Page/menus.js"
    , '\n',
#embed "../Report/Explorer/Page/tabs.js"
    , '\n',
#embed "../Report/Explorer/Page/groups.js"
    , '\n',
#embed "../Report/Explorer/Page/search.js"
    , '\n',
#embed "../Report/Explorer/Page/confusion.js"
    , '\n',
#embed "../Report/Explorer/Page/details.js"
    , '\n',
#embed "../Report/Explorer/Page/run.js"
    , '\n',
#embed "../Report/Explorer/Page/matrix.js"
    , '\n',
#embed "../Report/Explorer/Page/sizes.js"
    , '\n',
#embed "../Report/Explorer/Page/levels.js"
    , '\n',
#embed "../Report/Explorer/Page/beside.js"
    , '\n',
#embed "../Report/Explorer/Page/legend.js"
    , '\n',
#embed "../Report/Explorer/Page/link.js"
    , '\n',
#embed "../Report/Explorer/Page/downloads.js"
    , '\n',
#embed "../Report/Explorer/Page/printing.js"
    , '\n',
#embed "../Report/Explorer/Page/sheet.js"
    , '\n',
#embed "../Report/Explorer/Page/controls.js"
    , '\n',
#embed "../Report/Explorer/Page/keyboard.js"
    , '\n',
#embed "../Report/Explorer/Page/explorer.js"
    , 0};

const char *const explorer_style = style;
const char *const explorer_document = document;
const char *const explorer_script = script;
