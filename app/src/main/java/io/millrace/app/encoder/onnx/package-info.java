/** Makes an encoder of an ONNX export. */
@NullMarked
package io.millrace.app.encoder.onnx;

import org.jspecify.annotations.NullMarked;
