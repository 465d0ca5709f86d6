/** The numerics that run in libtorch as TorchScript, and the class that calls them. */
@NullMarked
package io.millrace.encoder.torchscript;

import org.jspecify.annotations.NullMarked;
