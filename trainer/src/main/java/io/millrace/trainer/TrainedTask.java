package io.millrace.trainer;

import io.millrace.schemas.Task;
import io.millrace.trainer.config.TrainingConfig;

/**
 * A task and how it is trained.
 *
 * @param task the task
 * @param training its training configuration
 */
public record TrainedTask(Task task, TrainingConfig training) {}
