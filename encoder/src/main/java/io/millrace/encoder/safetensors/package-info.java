/** Safetensors files, read and written tensor by tensor. */
@NullMarked
package io.millrace.encoder.safetensors;

import org.jspecify.annotations.NullMarked;
