/** Further scores of a checkpoint: contrast sets, perturbed texts, capabilities, texts out of scope, and what changed. */
@NullMarked
package io.millrace.evaluator.detail;

import org.jspecify.annotations.NullMarked;
