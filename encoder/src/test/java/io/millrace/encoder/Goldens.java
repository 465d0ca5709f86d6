package io.millrace.encoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/** The tiny golden checkpoints of the test resources. Their heads are over two classes; their configurations name no labels. */
public final class Goldens {

    public static final List<String> LABELS = List.of("negative", "positive");

    /** Texts of several lengths. */
    public static final List<String> TEXTS = List.of(
            "Delivery arrived broken twice, and support ignored me.",
            "An unremarkable sequel.",
            "",
            "I have never been so bored in my life; avoid.");

    private Goldens() {}

    public static Path directory(String family) {
        return resource("/goldens/" + family);
    }

    public static Path resource(String name) {
        try {
            return Path.of(Goldens.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A copy of a checkpoint that a test may change. */
    public static Path copy(String family, Path target) throws IOException {
        for (String name : List.of(EncoderConfig.FILE_NAME, EncoderCheckpoint.WEIGHTS_FILE, TextTokenizer.FILE_NAME)) {
            Files.copy(directory(family).resolve(name), target.resolve(name));
        }
        return target;
    }

    /** A checkpoint of a family with the files of a case in place of its own. */
    public static Path caseOf(String name, String family, Path target) throws IOException {
        copy(family, target);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(resource("/cases/" + name))) {
            for (Path file : files) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return target;
    }

    /** Changes the configuration of a copy. */
    public static void editConfig(Path directory, Consumer<ObjectNode> edit) throws IOException {
        Path file = directory.resolve(EncoderConfig.FILE_NAME);
        ObjectNode config = (ObjectNode) Json.mapper().readTree(file.toFile());
        edit.accept(config);
        Json.mapper().writeValue(file.toFile(), config);
    }

    /** Writes a checkpoint as after training, its labels in its configuration. */
    public static Path classifier(String family, Path target) throws IOException {
        return classifier(directory(family), target);
    }

    /** As {@link #classifier(String, Path)}, from any checkpoint. */
    public static Path classifier(Path source, Path target) throws IOException {
        try (OpenModel model = new OpenModel(source)) {
            model.checkpoint().write(target, model.weights(), OutputHead.classes(LABELS), 24);
        }
        return target;
    }
}
