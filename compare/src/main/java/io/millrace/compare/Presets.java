package io.millrace.compare;

import java.util.Map;

/** Names for a training method with one or two settings. */
final class Presets {

    static final String METHOD_KEY = "objective.method";

    private static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "mask-tuning-masked", Map.of(METHOD_KEY, "mask-tuning", "objective.maskTuning.perturbed", "masked"),
            "self-evolution", Map.of(METHOD_KEY, "masked-tokens", "objective.maskedTokens.masking", "self-evolution"),
            "excluded", Map.of(METHOD_KEY, "masked-tokens", "objective.maskedTokens.maskedEncoder", "excluded"),
            "experience-replay", Map.of(METHOD_KEY, "plain", "replay.share", "0.5"),
            "lora", Map.of(METHOD_KEY, "plain", "tuning.mode", "lora"));

    /** The name of the method that changes nothing of what the configuration says. */
    private static final String CONFIGURED = "configured";

    private Presets() {}

    /** The settings of a name, by dotted key below {@code training}; a name that is no preset is a method itself. */
    static Map<String, String> settings(String name) {
        return name.equals(CONFIGURED) ? Map.of() : SETTINGS.getOrDefault(name, Map.of(METHOD_KEY, name));
    }
}
