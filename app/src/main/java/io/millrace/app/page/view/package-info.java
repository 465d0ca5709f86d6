/** The state behind the page: folded from records, in bounded memory. Knows no HTTP. */
@NullMarked
package io.millrace.app.page.view;

import org.jspecify.annotations.NullMarked;
