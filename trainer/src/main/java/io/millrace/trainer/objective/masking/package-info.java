/** Masked-token prediction: which tokens are masked, and what the encoder sees of them. */
package io.millrace.trainer.objective.masking;
