package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.ConfigReader;

/**
 * The tokenizer of XLM-R and CamemBERT: a Unigram model (Kudo 2018, arXiv 1804.10959) on words that begin with a mark for the blank before
 * them.
 */
final class UnigramTokenizer {

    static final String BLANK = "\u2581";

    private UnigramTokenizer() {}

    /**
     * Changes tokenizer.json as the classes of transformers would: of the normalizer, only the character map that SentencePiece compiled is
     * kept.
     *
     * @param unknownId id of the token for what the vocabulary does not cover
     */
    static void rebuild(ObjectNode tokenizer, TokenIds ids, ConfigReader settings, int unknownId) {
        TokenizerClass.model(tokenizer, "Unigram")
                .put("type", "Unigram")
                .put("unk_id", unknownId)
                .put("byte_fallback", false);
        JsonNode map = charactersMap(tokenizer.path("normalizer"));
        if (map.isMissingNode()) {
            tokenizer.putNull("normalizer");
        } else {
            tokenizer.set("normalizer", map);
        }
        ArrayNode steps =
                tokenizer.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        steps.addObject().put("type", "WhitespaceSplit");
        steps.addObject()
                .put("type", "Metaspace")
                .put("replacement", BLANK)
                .put("prepend_scheme", settings.flag("add_prefix_space", true) ? "always" : "never")
                .put("split", true);
        String first = TokenizerClass.token(settings, "bos_token", "<s>");
        String last = TokenizerClass.token(settings, "eos_token", "</s>");
        Frame frame = new Frame(tokenizer, ids);
        frame.single(first, last);
        frame.pair()
                .special(first, 0)
                .text("A", 0)
                .special(last, 0)
                .special(last, 0)
                .text("B", 0)
                .special(last, 0);
    }

    private static JsonNode charactersMap(JsonNode normalizer) {
        if (normalizer.path("type").asText().equals("Precompiled")) {
            return normalizer;
        }
        for (JsonNode part : normalizer.path("normalizers")) {
            if (part.path("type").asText().equals("Precompiled")) {
                return part;
            }
        }
        return normalizer.path("none");
    }
}
