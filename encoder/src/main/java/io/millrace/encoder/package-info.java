/** A pre-trained text encoder on DJL: Hugging Face checkpoint in and out, tokens, forward passes, optimizer. */
package io.millrace.encoder;
