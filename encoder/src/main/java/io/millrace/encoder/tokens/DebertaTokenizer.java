package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.ConfigReader;

/** The tokenizer of DeBERTa-v3: a Unigram model on text whose words begin with a mark for the blank before them. */
final class DebertaTokenizer {

    private DebertaTokenizer() {}

    /** Changes tokenizer.json as {@code DebertaV2Tokenizer} of transformers would. */
    static void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings) {
        String unknown = TokenizerClass.token(settings, "unk_token", "[UNK]");
        TokenizerClass.model(tokenizer, "Unigram")
                .put("type", "Unigram")
                .put("unk_id", unknownId(tokenizer.path("model").path("vocab"), unknown, settings))
                .put("byte_fallback", false);
        ArrayNode normalizers = sequence(tokenizer, "normalizer", "normalizers");
        if (settings.flag("do_lower_case", false)) {
            normalizers.addObject().put("type", "Lowercase");
        }
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("Regex", "\\s{2,}|[\\n\\r\\t]");
        normalizers.addObject().put("type", "NFC");
        normalizers.addObject().put("type", "Strip").put("strip_left", false).put("strip_right", true);
        ArrayNode steps = sequence(tokenizer, "pre_tokenizer", "pretokenizers");
        if (settings.flag("split_by_punct", false)) {
            steps.addObject().put("type", "Punctuation").put("behavior", "Isolated");
        }
        steps.addObject()
                .put("type", "Metaspace")
                .put("replacement", UnigramTokenizer.BLANK)
                .put("prepend_scheme", settings.flag("add_prefix_space", true) ? "always" : "first")
                .put("split", true);
        String first = TokenizerClass.token(settings, "cls_token", "[CLS]");
        String last = TokenizerClass.token(settings, "sep_token", "[SEP]");
        Frame frame = new Frame(tokenizer, ids);
        frame.single(first, last);
        frame.pair()
                .special(first, 0)
                .text("A", 0)
                .special(last, 0)
                .text("B", 1)
                .special(last, 1);
    }

    /** transformers takes the stated number, unless the token is in the vocabulary with the score 0. */
    private static int unknownId(JsonNode vocabulary, String unknown, ConfigReader settings) {
        for (int id = 0; id < vocabulary.size(); id++) {
            JsonNode token = vocabulary.path(id);
            if (token.path(0).asText().equals(unknown) && token.path(1).asDouble(1) == 0) {
                return id;
            }
        }
        return settings.object().path("unk_id").asInt(1);
    }

    private static ArrayNode sequence(ObjectNode tokenizer, String part, String list) {
        return tokenizer.putObject(part).put("type", "Sequence").putArray(list);
    }
}
