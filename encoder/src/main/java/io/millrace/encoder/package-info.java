/** A pre-trained text encoder on DJL: Hugging Face checkpoint in and out, tokens, forward passes, optimizer. */
@NullMarked
package io.millrace.encoder;

import org.jspecify.annotations.NullMarked;
