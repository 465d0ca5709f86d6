/** Says what an encoder on disk is, and whether a task can start from it. */
@NullMarked
package io.millrace.app.encoder;

import org.jspecify.annotations.NullMarked;
