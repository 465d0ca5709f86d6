package io.millrace.encoder.config;

import java.util.List;

/**
 * The names that a family gives to its weights, without {@code .weight} and {@code .bias}. An empty name stands for a weight that the
 * family does not have.
 *
 * @param prefix of the encoder's weights in a checkpoint with a head
 * @param embeddings words, positions or distances, token types, norm, and the projection to the width of the layers
 * @param layers what the number of a layer follows
 * @param layer in each layer: queries, keys, values, output, norm, up, down, norm. If there are no keys and values, the queries' matrix
 *     holds all three, one above the other
 * @param head the norm after all layers, or that of the distances, then the classification head's dense layer, its norm, and the class scores
 * @param tokenHead the masked-token head's dense layer and norm, its decoder, whose matrix is the word embedding, and what the decoder's
 *     bias is stored under; empty if the family has none
 */
public record WeightNames(
        String prefix,
        List<String> embeddings,
        String layers,
        List<String> layer,
        List<String> head,
        List<String> tokenHead) {

    private static final List<String> BERT_LAYER = List.of(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");

    static WeightNames bert() {
        String prefix = "bert.";
        return new WeightNames(
                prefix,
                bertEmbeddings(prefix, true, ""),
                prefix + "encoder.layer.",
                BERT_LAYER,
                List.of("", "bert.pooler.dense", "", "classifier"),
                List.of(
                        "cls.predictions.transform.dense",
                        "cls.predictions.transform.LayerNorm",
                        "cls.predictions.decoder",
                        "cls.predictions"));
    }

    static WeightNames roberta() {
        String prefix = "roberta.";
        return new WeightNames(
                prefix,
                bertEmbeddings(prefix, true, ""),
                prefix + "encoder.layer.",
                BERT_LAYER,
                List.of("", "classifier.dense", "", "classifier.out_proj"),
                List.of("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", "lm_head"));
    }

    static WeightNames electra() {
        String prefix = "electra.";
        return new WeightNames(
                prefix,
                bertEmbeddings(prefix, true, prefix + "embeddings_project"),
                prefix + "encoder.layer.",
                BERT_LAYER,
                List.of("", "classifier.dense", "", "classifier.out_proj"),
                List.of());
    }

    static WeightNames deberta() {
        String prefix = "deberta.";
        String at = prefix + "embeddings.";
        return new WeightNames(
                prefix,
                List.of(
                        at + "word_embeddings",
                        prefix + "encoder.rel_embeddings",
                        at + "token_type_embeddings",
                        at + "LayerNorm",
                        ""),
                prefix + "encoder.layer.",
                List.of(
                        "attention.self.query_proj",
                        "attention.self.key_proj",
                        "attention.self.value_proj",
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm"),
                List.of(prefix + "encoder.LayerNorm", "pooler.dense", "", "classifier"),
                List.of());
    }

    static WeightNames distilBert() {
        String prefix = "distilbert.";
        return new WeightNames(
                prefix,
                bertEmbeddings(prefix, false, ""),
                prefix + "transformer.layer.",
                List.of(
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm"),
                List.of("", "pre_classifier", "", "classifier"),
                List.of("vocab_transform", "vocab_layer_norm", "vocab_projector", "vocab_projector"));
    }

    static WeightNames modernBert() {
        String prefix = "model.";
        return new WeightNames(
                prefix,
                List.of(prefix + "embeddings.tok_embeddings", "", "", prefix + "embeddings.norm", ""),
                prefix + "layers.",
                List.of("attn.Wqkv", "", "", "attn.Wo", "attn_norm", "mlp.Wi", "mlp.Wo", "mlp_norm"),
                List.of(prefix + "final_norm", "head.dense", "head.norm", "classifier"),
                List.of("head.dense", "head.norm", "decoder", "decoder"));
    }

    private static List<String> bertEmbeddings(String prefix, boolean typed, String projection) {
        String at = prefix + "embeddings.";
        return List.of(
                at + "word_embeddings",
                at + "position_embeddings",
                typed ? at + "token_type_embeddings" : "",
                at + "LayerNorm",
                projection);
    }

    /** Names of a layer of BERT's form, in the order of {@link #layer}. */
    public static List<String> bertLayer() {
        return BERT_LAYER;
    }

    /** Whether both heads begin with the same dense layer and norm. */
    public boolean sharesHead() {
        return !tokenHead.isEmpty() && tokenHead.get(0).equals(head.get(1));
    }
}
