/** Looks at checkpoints on disk. */
@NullMarked
package io.millrace.app.checkpoints;

import org.jspecify.annotations.NullMarked;
