package io.millrace.schemas.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Reads the configuration file, or a pipe, once. Any fault is reported as one {@link ConfigException}, without a cause: the parser's own
 * messages quote the file, which may hold passwords.
 */
public final class ConfigFile {

    private static final ObjectMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    // A label may be called yes or no.
                    .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                    // A key without a value counts as absent.
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfigDefaults(empty -> empty.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .build();

    private ConfigFile() {}

    /**
     * Where the relative paths of {@code file} are taken from: the file's folder, or the working directory if it is a pipe or standard
     * input.
     */
    public static Path folderOf(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        boolean isStream = absolute.startsWith("/dev") || absolute.startsWith("/proc");
        return isStream || (Files.exists(absolute) && !Files.isRegularFile(absolute))
                ? Path.of("").toAbsolutePath()
                : Objects.requireNonNull(absolute.getParent(), "a file is in a folder");
    }

    /** Reads {@code file} and checks nothing but that it is a mapping of keys. */
    public static ObjectNode tree(Path file) {
        if (Files.isDirectory(file)) {
            throw new ConfigException(file + ": this is a directory. Give the configuration file with --config.");
        }
        if (!Files.exists(file)) {
            throw new ConfigException(file + ": there is no such file. Give the configuration file with --config.");
        }
        return parse(file);
    }

    /** The value of a key written as {@code text}. */
    public static JsonNode value(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ConfigException("\"" + text + "\" is not a value: " + YamlFault.describe(e));
        }
    }

    /**
     * Turns {@code tree} into the record {@code type}.
     *
     * @param folder where relative paths are taken from
     * @param origin where the tree comes from, for messages
     */
    public static <T> T bind(JsonNode tree, Class<T> type, Path folder, String origin) {
        KnownKeys.problem(tree, type).ifPresent(problem -> {
            throw new ConfigException(origin + ": " + problem);
        });
        ObjectMapper mapper = YAML.copy()
                .registerModule(new SimpleModule()
                        .addDeserializer(Duration.class, new IsoDurations())
                        .addDeserializer(Path.class, new PathsFrom(folder)));
        try {
            return mapper.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw new ConfigException(origin + ": " + new ConfigProblem(mapper, tree).describe(e));
        } catch (JsonProcessingException e) {
            throw new ConfigException(origin + ": " + YamlFault.describe(e));
        }
    }

    /** Read as a tree, an alias would be a text with its name. */
    private static void refuseAliases(Path file, byte[] bytes) throws IOException {
        try (YAMLParser parser = ((YAMLFactory) YAML.getFactory()).createParser(bytes)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw new ConfigException(file + ": line "
                            + parser.currentTokenLocation().getLineNr()
                            + " has a YAML alias, which this file cannot have. Write the value out, or put a text that begins"
                            + " with * into quotes.");
                }
            }
        }
    }

    private static ObjectNode parse(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readAllBytes();
            refuseAliases(file, bytes);
            JsonNode tree = YAML.readTree(bytes);
            if (!(tree instanceof ObjectNode mapping)) {
                throw new ConfigException(
                        file + ": the file must be a mapping of keys, got " + ConfigProblem.kindOf(tree));
            }
            return mapping;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ConfigException(file + ": line " + line + " is not YAML: " + YamlFault.describe(e));
        } catch (AccessDeniedException e) {
            throw new ConfigException(file + ": cannot be read: access denied.", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
