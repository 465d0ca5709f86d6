/** What the process logs where. */
@NullMarked
package io.millrace.app.log;

import org.jspecify.annotations.NullMarked;
