package io.millrace.encoder.torchscript;

import ai.djl.ndarray.NDManager;

import java.util.Map;
import java.util.function.UnaryOperator;

/** Kernels whose text a test has changed, to stand in for one that this machine does not have. */
public final class EditedKernels {

    private EditedKernels() {}

    /** The class Encoder after {@code edit}. */
    public static TorchScriptModule load(NDManager owner, Map<String, Object> attributes, UnaryOperator<String> edit) {
        return TorchScriptModule.compile(owner, "Encoder", edit.apply(TorchScriptModule.source("Encoder")), attributes);
    }
}
