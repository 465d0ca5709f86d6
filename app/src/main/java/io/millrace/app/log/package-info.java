/** Logging: levels and destinations. */
@NullMarked
package io.millrace.app.log;

import org.jspecify.annotations.NullMarked;
