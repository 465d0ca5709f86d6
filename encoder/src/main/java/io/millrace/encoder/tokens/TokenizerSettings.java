package io.millrace.encoder.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.ConfigReader;

import java.util.List;
import java.util.Map;

/** Settings of {@code tokenizer_config.json} that would give other tokens than ours. They are refused. */
final class TokenizerSettings {

    private static final List<String> LISTS_OF_TOKENS = List.of("additional_special_tokens", "extra_special_tokens");
    private static final List<String> ROLES =
            List.of("unk_token", "cls_token", "sep_token", "pad_token", "mask_token", "bos_token", "eos_token");
    private static final List<String> FLAGS = List.of("single_word", "lstrip", "rstrip", "normalized");

    private TokenizerSettings() {}

    /**
     * Refuses settings that would give other tokens.
     *
     * @param tokenizer tokenizer.json as it is stored
     */
    static void require(ConfigReader settings, ObjectNode tokenizer, TokenIds ids) {
        String side = tokenizer.path("truncation").path("direction").asText("Right");
        if (!side.equals("Right")) {
            throw ids.unusable("truncation.direction must be Right: long texts lose their end here, got " + side);
        }
        settings.requireText("truncation_side", "right");
        settings.requireFlag("split_special_tokens", false);
        settings.requireNothing("add_bos_token");
        settings.requireNothing("add_eos_token");
        for (String key : LISTS_OF_TOKENS) {
            for (JsonNode token : settings.object().path(key)) {
                requireSame(settings, key, token, ids);
            }
        }
        for (String role : ROLES) {
            JsonNode token = settings.object().path(role);
            if (token.isObject()) {
                requireSame(settings, role, token, ids);
            }
        }
        for (Map.Entry<String, JsonNode> token :
                settings.object().path("added_tokens_decoder").properties()) {
            requireSame(settings, "added_tokens_decoder", token.getValue(), ids);
            if (!ids.added(content(token.getValue())).path("id").asText().equals(token.getKey())) {
                throw settings.wrong("added_tokens_decoder", "the ids of tokenizer.json's added_tokens");
            }
        }
    }

    private static void requireSame(ConfigReader settings, String key, JsonNode token, TokenIds ids) {
        JsonNode added = ids.added(content(token));
        if (added.isMissingNode()) {
            throw settings.wrong(key, "tokens among the added_tokens of tokenizer.json, which lack " + content(token));
        }
        for (String flag : FLAGS) {
            if (token.has(flag)
                    && token.path(flag).asBoolean() != added.path(flag).asBoolean()) {
                throw settings.wrong(key, "the token " + content(token) + " with " + flag + " as in tokenizer.json");
            }
        }
    }

    private static String content(JsonNode token) {
        return token.isObject() ? token.path("content").asText() : token.asText();
    }
}
