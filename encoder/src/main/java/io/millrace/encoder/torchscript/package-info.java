/** The numerics that run in libtorch as TorchScript, and the door to them. */
package io.millrace.encoder.torchscript;
