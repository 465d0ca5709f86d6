package io.millrace.encoder.config;

import io.millrace.schemas.store.UnusableCheckpointException;

import java.util.Arrays;
import java.util.List;

/**
 * The families of checkpoints that can be read. A family is the names of its weights and a few constants; what its layers compute is
 * said by {@link Blocks}.
 */
public enum Architecture {
    BERT("bert", "Bert", "BertTokenizer", WeightNames.bert(), new Traits(false, "tanh", false, "")),
    ROBERTA("roberta", "Roberta", "RobertaTokenizer", WeightNames.roberta(), Traits.ROBERTA),
    XLM_ROBERTA("xlm-roberta", "XLMRoberta", "XLMRobertaTokenizer", WeightNames.roberta(), Traits.ROBERTA),
    CAMEMBERT("camembert", "Camembert", "CamembertTokenizer", WeightNames.roberta(), Traits.ROBERTA),
    DISTILBERT(
            "distilbert",
            "DistilBert",
            "DistilBertTokenizer",
            WeightNames.distilBert(),
            new Traits(false, "relu", false, "")),
    ELECTRA("electra", "Electra", "BertTokenizer", WeightNames.electra(), new Traits(false, "gelu", true, "")),
    DEBERTA_V2(
            "deberta-v2", "DebertaV2", "DebertaV2Tokenizer", WeightNames.deberta(), new Traits(false, "", false, "")),
    MODERNBERT(
            "modernbert",
            "ModernBert",
            "PreTrainedTokenizerFast",
            WeightNames.modernBert(),
            new Traits(false, "", false, ""));

    private final String modelType;
    private final String modelClassPrefix;
    private final String tokenizerClass;

    @SuppressWarnings("ImmutableEnumChecker") // Its lists are made by List.of.
    private final WeightNames names;

    @SuppressWarnings("ImmutableEnumChecker") // A record of constants.
    private final Traits traits;

    /**
     * Constants of a family.
     *
     * @param countsFromPadding whether position ids begin after the padding id and skip padding
     * @param headActivation in the classification head; empty if config.json names it
     * @param dropsHeadInput whether dropout comes before the head's dense layer too
     * @param tokenActivation in the masked-token head; empty if it is that of the layers
     */
    record Traits(boolean countsFromPadding, String headActivation, boolean dropsHeadInput, String tokenActivation) {

        static final Traits ROBERTA = new Traits(true, "tanh", true, "gelu");
    }

    Architecture(String modelType, String modelClassPrefix, String tokenizerClass, WeightNames names, Traits traits) {
        this.modelType = modelType;
        this.modelClassPrefix = modelClassPrefix;
        this.tokenizerClass = tokenizerClass;
        this.names = names;
        this.traits = traits;
    }

    /** The architecture of a {@code model_type} in config.json. */
    public static Architecture of(String modelType) {
        for (Architecture architecture : values()) {
            if (architecture.modelType.equals(modelType)) {
                return architecture;
            }
        }
        List<String> known = Arrays.stream(values())
                .map(architecture -> architecture.modelType)
                .toList();
        throw new UnusableCheckpointException("config.json: model_type must be one of " + known + ", got \"" + modelType
                + "\". Use a checkpoint of one of these families.");
    }

    /** The class of Hugging Face transformers that reads a checkpoint with such a head. */
    public String modelClass(OutputHead.Kind head) {
        if (head != OutputHead.Kind.NONE) {
            return modelClassPrefix + "ForSequenceClassification";
        }
        return modelClassPrefix + (names.tokenHead().isEmpty() ? "Model" : "ForMaskedLM");
    }

    /** The tokenizer's class where a checkpoint names none. */
    public String tokenizerClass() {
        return tokenizerClass;
    }

    /** The names of its weights. */
    public WeightNames names() {
        return names;
    }

    /** The name in config.json. */
    public String modelType() {
        return modelType;
    }

    Traits traits() {
        return traits;
    }
}
