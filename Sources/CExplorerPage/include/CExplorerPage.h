// The files of the explorer page, as text. In Swift they would be lists of numbers, which take a minute to compile.
#ifndef CEXPLORERPAGE_H
#define CEXPLORERPAGE_H

/// Its style sheet.
extern const char *const explorer_style;
/// The document, with marks for what is put into it.
extern const char *const explorer_document;
/// All its scripts, one after another.
extern const char *const explorer_script;

#endif
