package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.schemas.store.UnusableCheckpointException;

import java.util.Locale;
import java.util.Map;

/**
 * The transformers class that builds a checkpoint's tokenizer. The classes of a family take the vocabulary and the added tokens from
 * {@code tokenizer.json} and the rest from {@code tokenizer_config.json} or their defaults; the general class takes
 * {@code tokenizer.json} as it is.
 */
enum TokenizerClass {
    BERT("BertTokenizer", true) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            ObjectNode model = model(tokenizer, "WordPiece");
            String unknown = token(settings, "unk_token", "[UNK]");
            model.put("type", "WordPiece")
                    .put("unk_token", unknown)
                    .put("continuing_subword_prefix", "##")
                    .put("max_input_chars_per_word", 100);
            boolean lowercase = settings.flag("do_lower_case", true);
            tokenizer
                    .putObject("normalizer")
                    .put("type", "BertNormalizer")
                    .put("clean_text", true)
                    .put("handle_chinese_chars", settings.flag("tokenize_chinese_chars", true))
                    .put("strip_accents", settings.flag("strip_accents", lowercase))
                    .put("lowercase", lowercase);
            tokenizer.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
            String first = token(settings, "cls_token", "[CLS]");
            String last = token(settings, "sep_token", "[SEP]");
            Frame frame = new Frame(tokenizer, ids);
            frame.single(first, last);
            frame.pair()
                    .special(first, 0)
                    .text("A", 0)
                    .special(last, 0)
                    .text("B", 1)
                    .special(last, 1);
        }
    },
    ROBERTA("RobertaTokenizer", false) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            model(tokenizer, "BPE")
                    .put("type", "BPE")
                    .putNull("dropout")
                    .putNull("unk_token")
                    .put("continuing_subword_prefix", "")
                    .put("end_of_word_suffix", "")
                    .put("fuse_unk", false)
                    .put("byte_fallback", false)
                    .put("ignore_merges", false);
            boolean prefixSpace = settings.flag("add_prefix_space", false);
            tokenizer.putNull("normalizer");
            tokenizer
                    .putObject("pre_tokenizer")
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", prefixSpace)
                    .put("trim_offsets", true)
                    .put("use_regex", true);
            ObjectNode frame = tokenizer
                    .putObject("post_processor")
                    .put("type", "RobertaProcessing")
                    .put("trim_offsets", true)
                    .put("add_prefix_space", prefixSpace);
            named(frame, "sep", token(settings, "sep_token", "</s>"), ids);
            named(frame, "cls", token(settings, "cls_token", "<s>"), ids);
        }

        private void named(ObjectNode frame, String role, String token, TokenIds ids) {
            frame.putArray(role).add(token).add(ids.of(token));
        }
    },
    XLM_ROBERTA("XLMRobertaTokenizer", false) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            // transformers takes this number for unknown words, whatever unk_token says.
            UnigramTokenizer.rebuild(tokenizer, ids, settings, 3);
        }
    },
    CAMEMBERT("CamembertTokenizer", false) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            UnigramTokenizer.rebuild(
                    tokenizer,
                    ids,
                    settings,
                    ids.find(token(settings, "unk_token", "<unk>")).orElse(0));
        }
    },
    DEBERTA("DebertaV2Tokenizer", true) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            DebertaTokenizer.rebuild(tokenizer, ids, settings);
        }
    },
    GENERAL("PreTrainedTokenizerFast", false) {
        @Override
        void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
            JsonNode dropout = tokenizer.path("model").path("dropout");
            if (dropout.asDouble(0) != 0) {
                throw ids.unusable(
                        "model.dropout must be absent, got " + dropout + ": it would cut each text at random");
            }
            if (!tokenizer.path("post_processor").isObject()) {
                throw ids.unusable(
                        "post_processor must put a first token before each text for the head to read, got none");
            }
        }
    };

    static final String KEY = "tokenizer_class";

    private static final Map<String, TokenizerClass> BY_NAME = Map.of(
            "BertTokenizer", BERT,
            "DistilBertTokenizer", BERT,
            "ElectraTokenizer", BERT,
            "RobertaTokenizer", ROBERTA,
            "XLMRobertaTokenizer", XLM_ROBERTA,
            "CamembertTokenizer", CAMEMBERT,
            "DebertaV2Tokenizer", DEBERTA,
            "PreTrainedTokenizer", GENERAL,
            "PreTrainedTokenizerFast", GENERAL,
            "TokenizersBackend", GENERAL);

    private final String name;
    private final boolean givesTypes;

    TokenizerClass(String name, boolean givesTypes) {
        this.name = name;
        this.givesTypes = givesTypes;
    }

    /**
     * Finds the class that {@code AutoTokenizer} would take.
     *
     * @param settings of tokenizer_config.json
     */
    static TokenizerClass of(ConfigReader settings, EncoderConfig config) {
        ConfigReader naming = settings.object().hasNonNull(KEY) ? settings : config.reader();
        String stated = naming.text(KEY, config.architecture().tokenizerClass());
        TokenizerClass known = BY_NAME.get(stated);
        if (known == null && stated.endsWith("Fast")) {
            known = BY_NAME.get(stated.substring(0, stated.length() - "Fast".length()));
        }
        if (known == null) {
            throw naming.wrong(
                    KEY, "one of " + BY_NAME.keySet().stream().sorted().toList());
        }
        return known;
    }

    /** The name to write where a checkpoint names no class. */
    String className() {
        return name;
    }

    /** Whether token types reach the encoder: {@code model_input_names} says it, or the class. */
    boolean givesTypes(ConfigReader settings) {
        JsonNode inputs = settings.object().path("model_input_names");
        if (!inputs.isArray()) {
            boolean without = settings.text(KEY, "").toLowerCase(Locale.ROOT).startsWith("distilbert");
            return givesTypes && !without;
        }
        for (JsonNode input : inputs) {
            if (input.asText().equals("token_type_ids")) {
                return true;
            }
        }
        return false;
    }

    /** Changes tokenizer.json as this class of transformers would. */
    abstract void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings);

    /** A special token by its role: a string, or an object with its content. */
    static String token(ConfigReader settings, String role, String byDefault) {
        JsonNode token = settings.object().path(role);
        return token.isObject() ? token.path("content").asText(byDefault) : settings.text(role, byDefault);
    }

    static ObjectNode model(ObjectNode tokenizer, String type) {
        JsonNode model = tokenizer.path("model");
        if (!(model instanceof ObjectNode object)
                || !model.path("type").asText(type).equals(type)) {
            throw new UnusableCheckpointException("tokenizer.json: model must be of the type " + type
                    + " that the tokenizer_class builds, got " + model.path("type")
                    + ". Write \"tokenizer_class\": \"PreTrainedTokenizerFast\" into tokenizer_config.json to take"
                    + " tokenizer.json as it is.");
        }
        return object;
    }
}
