package io.millrace.encoder.config;

import java.util.Map;

/** Activations by the names of Hugging Face, with those that the kernels know. */
final class Activation {

    private static final Map<String, String> KERNELS = Map.of(
            "gelu", "gelu",
            "gelu_new", "gelu_tanh",
            "gelu_fast", "gelu_tanh",
            "gelu_pytorch_tanh", "gelu_tanh",
            "relu", "relu",
            "silu", "silu",
            "swish", "silu",
            "quick_gelu", "quick_gelu",
            "tanh", "tanh");

    private Activation() {}

    /** The kernels' name of the activation that a key names; GELU if the key is absent. */
    static String of(ConfigReader json, String key) {
        String activation = KERNELS.get(json.text(key, "gelu"));
        if (activation == null) {
            throw json.wrong(key, "one of " + KERNELS.keySet().stream().sorted().toList());
        }
        return activation;
    }
}
