/** The meters of a process, and the endpoint that serves them. */
@NullMarked
package io.millrace.app.metrics;

import org.jspecify.annotations.NullMarked;
