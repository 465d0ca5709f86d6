/** Everything in one process on an embedded broker; the command line; the demo. */
@NullMarked
package io.millrace.app;

import org.jspecify.annotations.NullMarked;
