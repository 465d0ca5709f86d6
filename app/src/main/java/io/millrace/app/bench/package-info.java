/** Measures the speed of training, beside another training loop. */
@NullMarked
package io.millrace.app.bench;

import org.jspecify.annotations.NullMarked;
