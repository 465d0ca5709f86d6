package io.millrace.encoder;

import ai.djl.ndarray.NDArray;

/** The gradient of a scalar loss with respect to one input; weights receive nothing. */
@FunctionalInterface
public interface InputGradient {

    /** Gradient of {@code loss} for {@code input}, in the shape of the input. */
    NDArray of(NDArray loss, NDArray input);
}
