/** The models of a task, as its topics and its store have them, and what may be asked of them by hand. */
@NullMarked
package io.millrace.app.models;

import org.jspecify.annotations.NullMarked;
