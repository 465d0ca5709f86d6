package io.millrace.encoder;

import ai.djl.Device;
import io.millrace.encoder.config.Blocks;
import io.millrace.encoder.config.EncoderConfig;

import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers and names that the text of the kernels is loaded with: what a configuration says about layers and heads. */
final class KernelAttributes {

    /** On the CPU, attention of texts of up to so many tokens is 32-bit. */
    private static final int SHORT_TEXT = 128;

    /** The packed kernel takes heads of whole multiples of this, up to {@link #WIDEST_HEAD}. */
    private static final int HEAD_UNIT = 8;

    private static final int WIDEST_HEAD = 256;

    private KernelAttributes() {}

    /**
     * The attributes of the class Encoder.
     *
     * @param dropout may differ from the configuration's, as in inference
     * @param rowsAtOnce of whose multiples a pass's rows are
     * @param adapters those that the passes read
     * @param device where they run
     */
    static Map<String, Object> of(
            EncoderConfig config,
            EncoderConfig.Dropout dropout,
            Precision precision,
            int rowsAtOnce,
            Adaptation adapters,
            Device device) {
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
        attributes.put("half_beyond", device.isGpu() ? 0 : SHORT_TEXT);
        attributes.put("packed", device.isGpu() && precision == Precision.BF16 && isPackable(config, dropout));
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

    /**
     * Whether FlashAttention computes what the layers say. It knows no embedded distances, and draws the dropout of its shares by
     * a generator of its own.
     */
    static boolean isPackable(EncoderConfig config, EncoderConfig.Dropout dropout) {
        int head = config.shape().width() / config.shape().heads();
        return dropout.attention() == 0
                && config.blocks().attention().get(0).distances() == 0
                && head % HEAD_UNIT == 0
                && head <= WIDEST_HEAD;
    }
}
