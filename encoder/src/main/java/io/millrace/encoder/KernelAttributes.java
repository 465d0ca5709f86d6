package io.millrace.encoder;

import io.millrace.encoder.config.Blocks;
import io.millrace.encoder.config.EncoderConfig;

import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers and names that the text of the kernels is loaded with: what a configuration says about layers and heads. */
final class KernelAttributes {

    private KernelAttributes() {}

    /**
     * The attributes of the class Encoder.
     *
     * @param dropout may differ from the configuration's, as in inference
     * @param rowsAtOnce of whose multiples a pass's rows are
     * @param adapters those that the passes read
     */
    static Map<String, Object> of(
            EncoderConfig config,
            EncoderConfig.Dropout dropout,
            Precision precision,
            int rowsAtOnce,
            Adaptation adapters) {
        Blocks blocks = config.blocks();
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("layers", config.shape().layers());
        attributes.put("heads", config.shape().heads());
        attributes.put("norm_first", blocks.normFirst());
        attributes.put("gated", blocks.gated());
        attributes.put(
                "reach",
                blocks.attention().stream().map(Blocks.Attention::reach).toList());
        attributes.put(
                "theta",
                blocks.attention().stream().map(Blocks.Attention::theta).toList());
        attributes.put("distances", blocks.attention().get(0).distances());
        attributes.put("farthest", blocks.attention().get(0).farthest());
        attributes.put("mean_pooling", blocks.meanPooling());
        attributes.put("activation", blocks.activations().layers());
        attributes.put("head_activation", blocks.activations().head());
        attributes.put("token_activation", blocks.activations().tokenHead());
        attributes.put("norm_eps", config.shape().normEpsilon());
        attributes.put("half", precision == Precision.BF16);
        attributes.put("rows_at_once", rowsAtOnce);
        attributes.put("hidden_dropout", dropout.hidden());
        attributes.put("attention_dropout", dropout.attention());
        attributes.put("head_dropout", dropout.head());
        attributes.put("head_input_dropout", dropout.headInput());
        attributes.put("embedding_dropout", dropout.embedding());
        attributes.put("output_dropout", dropout.output());
        attributes.put("inner_dropout", dropout.inner());
        attributes.put("adapted", adapters.places());
        attributes.put("adapter_scale", adapters.tuning().scale());
        attributes.put("adapter_dropout", adapters.tuning().dropout());
        return attributes;
    }
}
