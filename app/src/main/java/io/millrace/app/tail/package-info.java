/** The records of a topic as they come, for people and for programs. */
@NullMarked
package io.millrace.app.tail;

import org.jspecify.annotations.NullMarked;
