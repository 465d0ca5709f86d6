/** Texts to token ids, with the tokenizer of a checkpoint. */
@NullMarked
package io.millrace.encoder.tokens;

import org.jspecify.annotations.NullMarked;
