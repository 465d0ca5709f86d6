/** Safetensors files, read and written tensor by tensor. */
package io.millrace.encoder.safetensors;
