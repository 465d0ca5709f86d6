/** Downloads encoders from the Hugging Face hub, or from a mirror that behaves like it. */
@NullMarked
package io.millrace.app.encoder.hub;

import org.jspecify.annotations.NullMarked;
