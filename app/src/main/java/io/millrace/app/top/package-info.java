/** The state of the page on a terminal. */
@NullMarked
package io.millrace.app.top;

import org.jspecify.annotations.NullMarked;
