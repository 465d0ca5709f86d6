package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.encoder.config.AdapterConfig;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.WeightNames;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.FrozenWeights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The weights of a checkpoint that holds only what was trained, in a form that Hugging Face reads too. Adapters are in the layout of PEFT,
 * with the heads of the task as {@code modules_to_save}. Layers are a part of a checkpoint in several parts, whose others are the frozen
 * weights.
 */
final class TrainedFiles {

    private static final String PEFT_PREFIX = "base_model.model.";

    private final EncoderConfig config;
    private final Tuning tuning;
    private final FrozenWeights frozen;

    /** Files for what was trained on {@code frozen}. */
    TrainedFiles(EncoderConfig config, Tuning tuning, FrozenWeights frozen) {
        this.config = config;
        this.tuning = tuning;
        this.frozen = frozen;
    }

    /**
     * Writes them into an existing directory.
     *
     * @param stored names of the frozen weights that the file of these holds
     */
    void write(Path target, Weights weights, Set<String> stored) throws IOException {
        tuning.write(target);
        frozen.write(target);
        if (tuning.mode() == Tuning.Mode.LORA) {
            writeAdapter(target, weights);
        } else {
            writeLayers(target, weights, stored);
        }
    }

    private void writeAdapter(Path target, Weights weights) throws IOException {
        Map<String, NDArray> adapter = new LinkedHashMap<>();
        Map<String, NDArray> tokenHead = new LinkedHashMap<>();
        Set<String> ofTokens = Set.copyOf(Slots.names(Slots.tokenHead(config)));
        weights.moving().forEach((name, weight) -> {
            if (ofTokens.contains(name)) {
                tokenHead.put(name, weight);
            } else {
                adapter.put(PEFT_PREFIX + name, weight);
            }
        });
        SafetensorsWriter.write(target.resolve(WeightFiles.ADAPTER_FILE), adapter);
        if (!tokenHead.isEmpty()) {
            SafetensorsWriter.write(target.resolve(WeightFiles.TOKEN_HEAD_FILE), tokenHead);
        }
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(target.resolve(AdapterConfig.FILE_NAME).toFile(), adapterConfig());
    }

    private ObjectNode adapterConfig() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("peft_type", "LORA").put("task_type", "SEQ_CLS");
        json.put("base_model_name_or_path", "../" + frozen.directoryName());
        json.put("r", tuning.rank());
        if (tuning.alpha() == Math.rint(tuning.alpha())) {
            json.put("lora_alpha", tuning.alpha().longValue());
        } else {
            json.put("lora_alpha", tuning.alpha());
        }
        json.put("lora_dropout", tuning.dropout());
        var targets = json.putArray("target_modules");
        Adaptation.of(config, tuning).matrices().stream()
                .filter(Adaptation.Matrix::adapted)
                .forEach(matrix -> targets.add(matrix.stem()));
        var saved = json.putArray("modules_to_save");
        savedModules().forEach(saved::add);
        json.put("bias", "none").put("fan_in_fan_out", false).put("inference_mode", true);
        json.put("init_lora_weights", true).put("use_rslora", false).put("use_dora", false);
        return json;
    }

    /** The modules of the task's head, without the encoder's prefix. PEFT takes the whole module. */
    private Set<String> savedModules() {
        WeightNames names = config.architecture().names();
        Set<String> modules = new TreeSet<>();
        Stream.concat(Slots.headDense(config).stream(), Slots.headScores(config, 1).stream())
                .filter(slot -> slot.role() != Slot.Role.ABSENT)
                .map(Slot::name)
                .map(name -> name.startsWith(names.prefix())
                        ? name.substring(names.prefix().length())
                        : name)
                .forEach(name -> modules.add(name.substring(0, name.indexOf('.'))));
        return modules;
    }

    private void writeLayers(Path target, Weights weights, Set<String> stored) throws IOException {
        Map<String, NDArray> moving = weights.moving();
        SafetensorsWriter.write(target.resolve(WeightFiles.TRAINED_FILE), moving);
        ObjectNode json = Json.mapper().createObjectNode();
        ObjectNode map = json.putObject("weight_map");
        long bytes = 0;
        for (Map.Entry<String, NDArray> weight : weights.byName().entrySet()) {
            String name = weight.getKey();
            if (moving.containsKey(name) || stored.contains(name)) {
                map.put(
                        name,
                        moving.containsKey(name) ? WeightFiles.TRAINED_FILE : WeightFiles.frozenName(frozen.sha256()));
                bytes += weight.getValue().size() * Float.BYTES;
            }
        }
        json.putObject("metadata").put("total_size", bytes);
        Files.writeString(target.resolve(WeightFiles.INDEX_FILE), Json.write(json) + "\n");
    }
}
