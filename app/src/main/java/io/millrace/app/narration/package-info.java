/** What a process tells of its work on the console: events, progress, and a summary at the end. */
@NullMarked
package io.millrace.app.narration;

import org.jspecify.annotations.NullMarked;
