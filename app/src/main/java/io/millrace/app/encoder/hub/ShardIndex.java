package io.millrace.app.encoder.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.schemas.text.LogSafe;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The index of weights in several files: {@code weight_map} says which tensor is in which. */
final class ShardIndex {

    static final String FILE_NAME = "model.safetensors.index.json";

    private static final int MOST_SHARDS = 200;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,120}\\.safetensors");

    private ShardIndex() {}

    /**
     * The names of the files, in order. They come from outside and become names of files here, so each must be a plain name.
     *
     * @param file the index
     */
    static List<String> shards(Path file) {
        JsonNode map = ConfigReader.of(file).object().path("weight_map");
        TreeSet<String> shards = new TreeSet<>();
        map.forEach(shard -> shards.add(shard.asText()));
        for (String shard : shards) {
            if (!NAME.matcher(shard).matches() || shard.contains("..")) {
                throw new DownloadException(file + ": weight_map must name safetensors files beside it, got "
                        + LogSafe.quoted(shard) + ". Nothing was fetched under that name.");
            }
        }
        if (shards.isEmpty() || shards.size() > MOST_SHARDS) {
            throw new DownloadException(
                    file + ": weight_map must name 1 to " + MOST_SHARDS + " files, got " + shards.size() + ".");
        }
        return List.copyOf(shards);
    }
}
