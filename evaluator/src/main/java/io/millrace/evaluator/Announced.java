package io.millrace.evaluator;

import io.millrace.schemas.CheckpointAnnouncement;

import java.time.Instant;

/**
 * An announcement as it was read from its topic.
 *
 * @param announcement the announcement
 * @param at the timestamp of its record
 */
record Announced(CheckpointAnnouncement announcement, Instant at) {}
