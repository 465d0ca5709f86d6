package io.millrace.evaluator.config;

import io.millrace.schemas.Task;

/**
 * A task and how its checkpoints are judged.
 *
 * @param task the task
 * @param evaluation how it is evaluated
 */
public record EvaluatedTask(Task task, EvaluationConfig evaluation) {}
