/** Masked-token prediction: which tokens are masked, and what the encoder sees of them. */
@NullMarked
package io.millrace.trainer.objective.masking;

import org.jspecify.annotations.NullMarked;
