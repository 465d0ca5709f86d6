/** What differs between two models of a task, and along its history, as the console shows it. */
@NullMarked
package io.millrace.app.between;

import org.jspecify.annotations.NullMarked;
