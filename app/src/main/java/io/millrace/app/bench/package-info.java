/** Measures the speed of training: the learner beside another training loop, and the streaming loop beside the learner. */
@NullMarked
package io.millrace.app.bench;

import org.jspecify.annotations.NullMarked;
