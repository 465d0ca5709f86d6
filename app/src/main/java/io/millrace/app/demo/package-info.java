/** The demo: a shipped stream through everything, and on the console what happens. */
@NullMarked
package io.millrace.app.demo;

import org.jspecify.annotations.NullMarked;
