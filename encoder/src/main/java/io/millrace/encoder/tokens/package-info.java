/** Texts to token ids, with the tokenizer of a checkpoint. */
package io.millrace.encoder.tokens;
