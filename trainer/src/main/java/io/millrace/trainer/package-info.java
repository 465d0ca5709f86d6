/** The trainer service: reads the tasks' records, trains, and writes and announces checkpoints. */
@NullMarked
package io.millrace.trainer;

import org.jspecify.annotations.NullMarked;
