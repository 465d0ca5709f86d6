package io.millrace.encoder.config;

import io.millrace.schemas.store.UnusableCheckpointException;

import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoint architectures that can be read. They share one computation (post-norm transformer layers, learned positions,
 * one dense layer before the class scores) and differ in the names of their weights and a few constants.
 */
public enum Architecture {
    BERT("bert", "Bert", "bert.") {
        @Override
        public List<String> layer(int layer) {
            return bertLayer(prefix() + "encoder.layer." + layer + ".");
        }

        @Override
        public List<String> classificationHead() {
            return List.of(
                    "bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias");
        }

        @Override
        public List<String> tokenHead() {
            return List.of(
                    "cls.predictions.transform.dense.weight",
                    "cls.predictions.transform.dense.bias",
                    "cls.predictions.transform.LayerNorm.weight",
                    "cls.predictions.transform.LayerNorm.bias",
                    "cls.predictions.bias");
        }
    },
    ROBERTA("roberta", "Roberta", "roberta.") {
        @Override
        public List<String> layer(int layer) {
            return bertLayer(prefix() + "encoder.layer." + layer + ".");
        }

        @Override
        public List<String> classificationHead() {
            return List.of(
                    "classifier.dense.weight",
                    "classifier.dense.bias",
                    "classifier.out_proj.weight",
                    "classifier.out_proj.bias");
        }

        @Override
        public List<String> tokenHead() {
            return List.of(
                    "lm_head.dense.weight",
                    "lm_head.dense.bias",
                    "lm_head.layer_norm.weight",
                    "lm_head.layer_norm.bias",
                    "lm_head.bias");
        }
    },
    DISTILBERT("distilbert", "DistilBert", "distilbert.") {
        @Override
        public List<String> layer(int layer) {
            return weightsAndBiases(
                    prefix() + "transformer.layer." + layer + ".",
                    List.of(
                            "attention.q_lin",
                            "attention.k_lin",
                            "attention.v_lin",
                            "attention.out_lin",
                            "sa_layer_norm",
                            "ffn.lin1",
                            "ffn.lin2",
                            "output_layer_norm"));
        }

        @Override
        public List<String> classificationHead() {
            return List.of("pre_classifier.weight", "pre_classifier.bias", "classifier.weight", "classifier.bias");
        }

        @Override
        public List<String> tokenHead() {
            return List.of(
                    "vocab_transform.weight",
                    "vocab_transform.bias",
                    "vocab_layer_norm.weight",
                    "vocab_layer_norm.bias",
                    "vocab_projector.bias");
        }
    };

    private final String modelType;
    private final String modelClassPrefix;
    private final String prefix;

    Architecture(String modelType, String modelClassPrefix, String prefix) {
        this.modelType = modelType;
        this.modelClassPrefix = modelClassPrefix;
        this.prefix = prefix;
    }

    /** The architecture of a {@code model_type} in config.json. */
    public static Architecture of(String modelType) {
        for (Architecture architecture : values()) {
            if (architecture.modelType.equals(modelType)) {
                return architecture;
            }
        }
        throw new UnusableCheckpointException("config.json: model_type must be bert, roberta or distilbert, got \""
                + modelType + "\". Use a checkpoint of one of these families.");
    }

    /** The class of Hugging Face transformers that reads a checkpoint with such a head. */
    public String modelClass(OutputHead.Kind head) {
        return modelClassPrefix + (head == OutputHead.Kind.NONE ? "ForMaskedLM" : "ForSequenceClassification");
    }

    /** Prefix of the encoder's weight names in a checkpoint with a head. */
    public String prefix() {
        return prefix;
    }

    /** Word, position and type embeddings, then the norm after them; DistilBERT has no types. */
    public List<String> embeddings() {
        return List.of(
                prefix + "embeddings.word_embeddings.weight",
                prefix + "embeddings.position_embeddings.weight",
                prefix + "embeddings.token_type_embeddings.weight",
                prefix + "embeddings.LayerNorm.weight",
                prefix + "embeddings.LayerNorm.bias");
    }

    /** The 16 weights of a layer: queries, keys, values, output, norm, up, down, norm, each with its bias. */
    public abstract List<String> layer(int layer);

    /** The names of a layer of BERT's form behind a prefix, in the same order. */
    public static List<String> bertLayer(String at) {
        return weightsAndBiases(
                at,
                List.of(
                        "attention.self.query",
                        "attention.self.key",
                        "attention.self.value",
                        "attention.output.dense",
                        "attention.output.LayerNorm",
                        "intermediate.dense",
                        "output.dense",
                        "output.LayerNorm"));
    }

    /** Dense layer and class scores, each with its bias. */
    public abstract List<String> classificationHead();

    /** Dense layer, norm, and the bias of the decoder, whose matrix is the word embedding. */
    public abstract List<String> tokenHead();

    private static List<String> weightsAndBiases(String at, List<String> parts) {
        List<String> names = new ArrayList<>();
        for (String part : parts) {
            names.add(at + part + ".weight");
            names.add(at + part + ".bias");
        }
        return names;
    }
}
