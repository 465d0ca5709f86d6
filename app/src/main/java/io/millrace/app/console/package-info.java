/** Progress and tables on the terminal. */
@NullMarked
package io.millrace.app.console;

import org.jspecify.annotations.NullMarked;
