// Generated from apps/api/openapi.json.

export interface paths {
    "/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The contract of the topics on Kafka, in AsyncAPI 3 */
        get: operations["readAsyncApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process can answer */
        get: operations["readLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the service can do its work */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the service counts, for Prometheus */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["readOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Adjustments that were proposed, and what became of them */
        get: operations["listAdjustments"];
        put?: never;
        /** Proposes an adjustment: nothing moves before another approves */
        post: operations["proposeAdjustment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments/{proposalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An adjustment that was proposed */
        get: operations["readAdjustment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments/{proposalId}/approval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approves what somebody else proposed: it is in the ledger then */
        post: operations["approveAdjustment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/adjustments/{proposalId}/rejection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rejects a proposal, or takes back what one proposed oneself */
        post: operations["rejectAdjustment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asked the api to change what, when and from where */
        get: operations["listChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far each service is, and how far behind, in each shard */
        get: operations["listConsumers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that were refused, and why */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{partition}/{offset}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes a dead letter on its topic again, corrected or as it was */
        post: operations["replayDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries by merchant, program, version, kind, period and cause; a page may be short, or empty, with more behind it */
        get: operations["listEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/entries/{entryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An entry, with all that decided it */
        get: operations["readEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/effects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that one event has caused: every entry whose cause names it */
        get: operations["listEffectsOfEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/exports/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries as a file: CSV, NDJSON, Parquet or an hledger journal */
        get: operations["exportEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/grants/before-flag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was granted to merchants who were flagged later, and what has become of it */
        get: operations["listGrantsBeforeFlag"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was granted, spent, expired and taken back by day, placement and program, as of a moment */
        get: operations["readTotals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/trial-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What all accounts had at a moment: zero in each unit */
        get: operations["readTrialBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last checkpoint that was signed */
        get: operations["readCheckpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The proof that one checkpoint’s log is the beginning of another’s */
        get: operations["proveConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log/inclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The proof that an entry is in the log */
        get: operations["proveInclusion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/lots/{lotId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole life of a lot: every entry that moved something of it */
        get: operations["readLifeOfLot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/auto-promotion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the rewards of a merchant are spent without asking */
        get: operations["readAutoPromotion"];
        /** Turns the switch of a merchant */
        put: operations["turnAutoPromotion"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the accounts of a merchant had at a moment */
        get: operations["readBalances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/balances/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a merchant had at a block of the log, and the proof of it up to a signed checkpoint */
        get: operations["proveBalances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The entries of a merchant, last recorded first */
        get: operations["listMerchantEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The entries of a merchant as they are committed, as server-sent events */
        get: operations["followEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a merchant was granted and why, last recorded first, and what has become of it */
        get: operations["listGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lots of a merchant at a moment, and what had become of each */
        get: operations["listLots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/lots/expiring": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The lots of a merchant that are about to expire, the first first */
        get: operations["listExpiringLots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was spent for a merchant and what it brought, by day, placement, session or video */
        get: operations["readResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/risk-flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Flags a merchant, for good: programs that mind flags grant it nothing more, and take back what they say */
        post: operations["flagMerchant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What moved on the accounts of a merchant in a period of recording */
        get: operations["readStatement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/merchants/{id}/wallet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a merchant was granted, and what became of it */
        get: operations["readWallet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/program-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says every mistake in program files, all together, as the granter would read them */
        post: operations["checkPrograms"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/program-dry-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a draft would have granted for recorded activity, beside another version */
        post: operations["dryRunProgram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published programs: their versions, and what became of budgets */
        get: operations["listPrograms"];
        put?: never;
        /** Publishes a version of a program, for good: granters follow it within seconds */
        post: operations["publishProgram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programs/{program}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A published program: its versions, and what became of its budget */
        get: operations["readProgram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programs/{program}/funds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A program’s budget, granted, spent, expired, taken back and left, as of a moment */
        get: operations["readProgramFunds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programs/{program}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses a program: what comes from then on counts nowhere in it, and nothing of it settles */
        post: operations["pauseProgram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/programs/{program}/resumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a program go on: what was to settle meanwhile settles now */
        post: operations["resumeProgram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliation/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accepted activity against the causes of entries, event by event: what it led to, and what does not fit; a page may be without a difference, with more behind it */
        get: operations["reconcileActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliation/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Delivery reports against what was ordered, spent and released, order by order; a page may be without a difference, with more behind it */
        get: operations["reconcileDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccountBalance: {
            /** @enum {string} */
            account: "available" | "reserved" | "owed" | "payable";
            unit: components["schemas"]["Unit"];
            amount: components["schemas"]["Amount"];
        };
        ActivityDifference: {
            /** @enum {string} */
            difference: "not_accepted" | "not_taken" | "at_another_offset" | "of_another_merchant" | "accepted_twice" | "in_another_commit" | "granted_twice" | "beyond_consumed";
            shard: number;
            entryId: string | null;
            event: {
                topic: string;
                partition: number;
                offset: string;
                source: string;
                id: string;
            } | null;
            accepted: {
                merchantId: string;
                type: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                occurredAt: string;
                offset: components["schemas"]["Count"];
            } | null;
        };
        ActivityReconciliation: {
            consumedOffsets: components["schemas"]["Count"];
            counts: {
                type: string;
                accepted: components["schemas"]["Count"];
                amountMinor: components["schemas"]["Amount"];
                late: components["schemas"]["Count"];
                ledToGrants: components["schemas"]["Count"];
                ledToOthers: components["schemas"]["Count"];
                ledToNothing: components["schemas"]["Count"];
            }[];
            differences: components["schemas"]["ActivityDifference"][];
            next: string | null;
        };
        Adjustment: {
            /** @constant */
            type: "give";
            merchantId: string;
            program: string;
            unit: components["schemas"]["Unit"];
            amount: components["schemas"]["Amount"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt: string;
        } | {
            /** @constant */
            type: "take_back";
            merchantId: string;
            lotId: string;
            amount: components["schemas"]["Amount"];
        } | {
            /** @constant */
            type: "budget";
            program: string;
            unit: components["schemas"]["Unit"];
            amount: components["schemas"]["Amount"];
        } | {
            /** @constant */
            type: "cash";
            merchantId: string;
            program: string;
            amount: components["schemas"]["Amount"];
        } | {
            /** @constant */
            type: "payout";
            merchantId: string;
            amount: components["schemas"]["Amount"];
        };
        /**
         * Format: int64
         * @description In minor units: impressions, or fen. Every digit is there, also beyond 2^53.
         */
        Amount: number;
        AutoPromotion: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            enabled: boolean;
            limits: {
                /** @description The most impressions that orders of one day in Asia/Shanghai may use: what is ordered less what is released */
                dailyCapImpressions?: number;
                /** @description Where traffic may be spent */
                placements?: ("live" | "short_video")[];
                /** @description A session is given at least so many impressions or none; no more than the daily cap */
                minimumImpressionsPerSession?: number;
            };
            since: string | null;
            pending?: {
                /** @constant */
                enabled: true;
                /** @default {} */
                limits: {
                    /** @description The most impressions that orders of one day in Asia/Shanghai may use: what is ordered less what is released */
                    dailyCapImpressions?: number;
                    /** @description Where traffic may be spent */
                    placements?: ("live" | "short_video")[];
                    /** @description A session is given at least so many impressions or none; no more than the daily cap */
                    minimumImpressionsPerSession?: number;
                };
            } | {
                /** @constant */
                enabled: false;
            };
        };
        AutoPromotionRequest: {
            /** @constant */
            enabled: true;
            /** @default {} */
            limits: {
                /** @description The most impressions that orders of one day in Asia/Shanghai may use: what is ordered less what is released */
                dailyCapImpressions?: number;
                /** @description Where traffic may be spent */
                placements?: ("live" | "short_video")[];
                /** @description A session is given at least so many impressions or none; no more than the daily cap */
                minimumImpressionsPerSession?: number;
            };
        } | {
            /** @constant */
            enabled: false;
        };
        BalanceProof: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            balances: {
                account: string;
                unit: components["schemas"]["Unit"];
                balance: components["schemas"]["Amount"];
            }[];
            block: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            sealedAt: string;
            index: number;
            /** Format: base64 */
            leaf: string;
            proof: string[];
            inclusion: {
                position: number;
                size: number;
                /** Format: base64 */
                leaf: string;
                proof: string[];
                note: string;
            };
        };
        Bytes: {
            /** @enum {string} */
            encoding: "utf8" | "base64";
            text: string;
        };
        /** @description All that decided the entry; what it has depends on `type`. */
        Cause: {
            type: string;
        };
        Change: {
            /** Format: uuid */
            changeId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            issuer: string;
            subject: string;
            roles: string[];
            tokenId: string | null;
            address: string | null;
            operation: string;
            merchantId: string | null;
            request: {
                [key: string]: unknown;
            };
            idempotencyKey: string;
            answeredAt: string | null;
            status: number | null;
        };
        ChangePage: {
            changes: components["schemas"]["Change"][];
            next: string | null;
        };
        Checkpoint: {
            note: string;
            origin: string;
            size: number;
            /**
             * Format: base64
             * @description 32 bytes, in base64.
             */
            root: string;
        };
        Comparison: {
            placement: components["schemas"]["Placement"];
            /** @enum {string} */
            unit: "hour" | "day";
            promoted: components["schemas"]["Pace"];
            unpromoted: components["schemas"]["Pace"];
        };
        ConsistencyProof: {
            from: number;
            to: number;
            proof: string[];
        };
        Consumers: {
            shards: {
                /** @enum {string} */
                service: "granter" | "promoter";
                shard: number;
                journal: components["schemas"]["Journal"];
                /** Format: int64 */
                sequence: number;
                /** Format: int64 */
                revision: number;
                lastCommitAt: string | null;
                sources: {
                    /** @description A topic, or the journal `grants`. */
                    source: string;
                    /**
                     * Format: int64
                     * @description The position of the next message to take.
                     */
                    consumed: number;
                    /**
                     * Format: int64
                     * @description The position that the next message will have.
                     */
                    end: number;
                    /** Format: int64 */
                    lag: number;
                }[];
            }[];
        };
        /** Format: int64 */
        Count: number;
        DeadLetter: {
            partition: number;
            /** Format: int64 */
            offset: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            deadSince: string;
            reason: string | null;
            detail: string | null;
            from: {
                topic: string | null;
                partition: number | null;
                offset: number | null;
            };
            key: components["schemas"]["Bytes"] | null;
            value: components["schemas"]["Bytes"] | null;
            headers: {
                [key: string]: components["schemas"]["Bytes"];
            };
        };
        DeadLetterPage: {
            deadLetters: components["schemas"]["DeadLetter"][];
            next: string | null;
        };
        /** @enum {string} */
        DeliveryDifferenceKind: "no_report" | "reported_beyond_order" | "reserved_differs" | "spent_differs" | "released_differs" | "closed_twice" | "reported_after_closing" | "no_order";
        DeliveryReconciliation: {
            sums: {
                /** @enum {string} */
                placement: "live" | "short_video";
                promotionOrders: components["schemas"]["Count"];
                ordered: components["schemas"]["Amount"];
                reports: components["schemas"]["Count"];
                reported: components["schemas"]["Amount"];
                spent: components["schemas"]["Amount"];
                beyondOrders: components["schemas"]["Amount"];
                released: components["schemas"]["Amount"];
                openReserve: components["schemas"]["Amount"];
                withoutReport: components["schemas"]["Count"];
                clicks: components["schemas"]["Count"];
                orders: components["schemas"]["Count"];
                gmvMinor: components["schemas"]["Amount"];
            }[];
            differences: {
                difference: components["schemas"]["DeliveryDifferenceKind"];
                isMistake: boolean;
                entryId: string;
                order: components["schemas"]["OrderLife"] | null;
            }[];
            next: string | null;
        };
        DryRun: {
            activity: {
                events: number;
                merchants: number;
                earlierEvents: number;
                first: string | null;
                last: string | null;
            };
            draft: components["schemas"]["DryRunReport"];
            running: components["schemas"]["DryRunReport"] | null;
            differences: components["schemas"]["DryRunDifferences"] | null;
        };
        DryRunDifferences: {
            merchants: {
                eligible: number;
                reached: number;
            };
            lateEvents: number;
            units: {
                unit: components["schemas"]["Unit"];
                pool: components["schemas"]["Amount"];
                granted: components["schemas"]["Amount"];
                takenBack: components["schemas"]["Amount"];
                net: components["schemas"]["Amount"];
                merchants: {
                    more: number;
                    less: number;
                    same: number;
                };
                top: {
                    merchantId: string;
                    draft: components["schemas"]["Amount"];
                    running: components["schemas"]["Amount"];
                }[];
            }[];
            tiers: {
                goal: string;
                tier: string;
                unit: components["schemas"]["Unit"];
                grants: number;
                granted: components["schemas"]["Amount"];
            }[];
        };
        DryRunReport: {
            program: string;
            version: number;
            merchants: {
                eligible: number;
                reached: number;
            };
            lateEvents: number;
            units: {
                unit: components["schemas"]["Unit"];
                pool: components["schemas"]["Amount"];
                granted: components["schemas"]["Amount"];
                takenBack: components["schemas"]["Amount"];
                net: components["schemas"]["Amount"];
                unpaid: {
                    poolDry: {
                        rewards: number;
                        amount: components["schemas"]["Amount"];
                    };
                    capped: {
                        rewards: number;
                        amount: components["schemas"]["Amount"];
                    };
                };
                spread: {
                    merchants: number;
                    p50: components["schemas"]["Amount"];
                    p90: components["schemas"]["Amount"];
                    p99: components["schemas"]["Amount"];
                    max: components["schemas"]["Amount"];
                    histogram: {
                        from: components["schemas"]["Amount"];
                        to: components["schemas"]["Amount"];
                        merchants: number;
                    }[];
                };
                top: {
                    merchantId: string;
                    amount: components["schemas"]["Amount"];
                }[];
            }[];
            goals: {
                goal: string;
                lateEvents: number;
                tiers: {
                    tier: string;
                    unit: components["schemas"]["Unit"];
                    grants: number;
                    granted: components["schemas"]["Amount"];
                }[];
                takenBack: {
                    unit: components["schemas"]["Unit"];
                    times: number;
                    amount: components["schemas"]["Amount"];
                }[];
            }[];
        };
        DryRunRequest: {
            draft: components["schemas"]["ProgramFile"];
            /** @description The version that the draft is put beside; none, by default. */
            running?: components["schemas"]["ProgramFile"];
            /**
             * Format: date-time
             * @description What happened from then on counts.
             */
            from?: string;
            /**
             * Format: date-time
             * @description Until then: the first instant left out.
             */
            to?: string;
            /**
             * @description How many merchants are told of each list.
             * @default 5
             */
            top: number;
        };
        Entry: {
            entryId: string;
            journal: components["schemas"]["Journal"];
            shard: number;
            /** Format: int64 */
            sequence: number;
            kind: components["schemas"]["EntryKind"];
            merchantId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            program: string | null;
            programVersion: number | null;
            postings: {
                line: number;
                account: string;
                unit: components["schemas"]["Unit"];
                amount: components["schemas"]["Amount"];
                lotId: string | null;
            }[];
            cause: components["schemas"]["Cause"];
            explanation: {
                zh: string;
                en: string;
            };
            amounts: {
                [key: string]: components["schemas"]["Amount"];
            };
        };
        /** @enum {string} */
        EntryKind: "budget" | "lease" | "grant" | "reserve" | "deliver" | "release" | "expire" | "clawback" | "switch_on" | "switch_off" | "adjustment" | "payout";
        EntryPage: {
            entries: components["schemas"]["Entry"][];
            next: string | null;
        };
        ExpiringLot: {
            lotId: string;
            unit: components["schemas"]["Unit"];
            program: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt: string;
            granted: components["schemas"]["Amount"];
            available: components["schemas"]["Amount"];
            reserved: components["schemas"]["Amount"];
        };
        ExpiringLotPage: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            asOf: string;
            lots: components["schemas"]["ExpiringLot"][];
            next: string | null;
        };
        FileMistake: {
            fileName: string;
            line: number;
            column: number;
            field: string;
            expected: string;
        };
        FlaggedGrant: {
            entryId: string;
            journal: components["schemas"]["Journal"];
            shard: number;
            /** Format: int64 */
            sequence: number;
            kind: components["schemas"]["EntryKind"];
            merchantId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            program: string | null;
            programVersion: number | null;
            postings: {
                line: number;
                account: string;
                unit: components["schemas"]["Unit"];
                amount: components["schemas"]["Amount"];
                lotId: string | null;
            }[];
            cause: components["schemas"]["Cause"];
            explanation: {
                zh: string;
                en: string;
            };
            amounts: {
                [key: string]: components["schemas"]["Amount"];
            };
            lot: components["schemas"]["GrantedLot"] | null;
            flag: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                flaggedAt: string;
                reason: string;
                /** Format: int64 */
                offset: number;
            };
        };
        FlaggedGrantPage: {
            grants: components["schemas"]["FlaggedGrant"][];
            next: string | null;
        };
        Grant: {
            entryId: string;
            journal: components["schemas"]["Journal"];
            shard: number;
            /** Format: int64 */
            sequence: number;
            kind: components["schemas"]["EntryKind"];
            merchantId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            program: string | null;
            programVersion: number | null;
            postings: {
                line: number;
                account: string;
                unit: components["schemas"]["Unit"];
                amount: components["schemas"]["Amount"];
                lotId: string | null;
            }[];
            cause: components["schemas"]["Cause"];
            explanation: {
                zh: string;
                en: string;
            };
            amounts: {
                [key: string]: components["schemas"]["Amount"];
            };
            lot: components["schemas"]["GrantedLot"] | null;
        };
        GrantPage: {
            grants: components["schemas"]["Grant"][];
            next: string | null;
        };
        GrantedLot: {
            lotId: string;
            unit: components["schemas"]["Unit"];
            program: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt: string;
            granted: components["schemas"]["Amount"];
            available: components["schemas"]["Amount"];
            reserved: components["schemas"]["Amount"];
            spent: components["schemas"]["Amount"];
            expired: components["schemas"]["Amount"];
            clawedBack: components["schemas"]["Amount"];
        };
        Health: {
            status: string;
            details: {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        InclusionProof: {
            entryId: string;
            position: number;
            size: number;
            /** Format: base64 */
            leaf: string;
            /**
             * Format: base64
             * @description 32 bytes, in base64.
             */
            leafHash: string;
            proof: string[];
        };
        /** @enum {string} */
        Journal: "grants" | "promotions";
        LedgerTotals: {
            asOf: string | null;
            position: number | null;
            totals: {
                day: string | null;
                placement: ("live" | "short_video") | null;
                program: string | null;
                unit: components["schemas"]["Unit"];
                granted: components["schemas"]["Amount"];
                spent: components["schemas"]["Amount"];
                expired: components["schemas"]["Amount"];
                clawedBack: components["schemas"]["Amount"];
            }[];
            next: string | null;
        };
        LifeOfLotPage: {
            lot: {
                lotId: string;
                shard: number;
                merchantId: string;
                program: string;
                unit: components["schemas"]["Unit"];
                granted: components["schemas"]["Amount"];
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                expiresAt: string;
            };
            entries: components["schemas"]["Entry"][];
            next: string | null;
        };
        LotAsOf: {
            lotId: string;
            /** Format: int64 */
            sequence: number;
            unit: components["schemas"]["Unit"];
            program: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt: string;
            granted: components["schemas"]["Amount"];
            available: components["schemas"]["Amount"];
            reserved: components["schemas"]["Amount"];
            spent: components["schemas"]["Amount"];
            expired: components["schemas"]["Amount"];
            clawedBack: components["schemas"]["Amount"];
        };
        LotPage: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            lots: components["schemas"]["LotAsOf"][];
            next: string | null;
        };
        MerchantBalances: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            asOf: string | null;
            position: number | null;
            balances: components["schemas"]["AccountBalance"][];
        };
        MerchantEntry: {
            id: string;
            journal: components["schemas"]["Journal"];
            shard: number;
            /** Format: int64 */
            sequence: number;
            kind: components["schemas"]["EntryKind"];
            merchantId: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            postings: {
                account: string;
                unit: components["schemas"]["Unit"];
                amount: components["schemas"]["Amount"];
                lotId: string | null;
            }[];
            cause: components["schemas"]["Cause"];
            explanation: {
                zh: string;
                en: string;
            };
            amounts: {
                [key: string]: components["schemas"]["Amount"];
            };
        };
        MerchantEntryPage: {
            entries: components["schemas"]["MerchantEntry"][];
            next: string | null;
        };
        OrderLife: {
            promotionOrderId: string;
            entryId: string;
            merchantId: string;
            /** @enum {string} */
            placement: "live" | "short_video";
            targetId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            orderedAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            deadline: string;
            ordered: components["schemas"]["Amount"];
            reserved: components["schemas"]["Amount"];
            reports: components["schemas"]["Count"];
            reported: components["schemas"]["Amount"];
            clicks: components["schemas"]["Count"];
            orders: components["schemas"]["Count"];
            gmvMinor: components["schemas"]["Amount"];
            spent: components["schemas"]["Amount"];
            spentElsewhere: components["schemas"]["Amount"];
            released: components["schemas"]["Amount"];
            closings: components["schemas"]["Count"];
            closedBecause: string | null;
            reportsAfterClosing: components["schemas"]["Count"];
        };
        Pace: {
            /** Format: int64 */
            time: number;
            /** Format: int64 */
            orders: number;
            gmvMinor: components["schemas"]["Amount"];
            gmvMinorPerUnit: components["schemas"]["Amount"] | null;
        };
        /** @enum {string} */
        Placement: "live" | "short_video";
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /** Format: uri */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** Format: uri */
            instance: string;
            errors?: {
                field: string;
                message: string;
            }[];
        };
        ProgramCheck: {
            programs: {
                program: string;
                version: number;
                programHash: string;
                startsAt: string | null;
                goals: number;
                isAsPublished: boolean | null;
            }[];
            mistakes: components["schemas"]["FileMistake"][];
        };
        ProgramCheckRequest: {
            files: components["schemas"]["ProgramFile"][];
        };
        ProgramFile: {
            /** @description Stands at the head of each mistake. */
            fileName: string;
            /** @description YAML. */
            text: string;
        };
        ProgramFunds: {
            program: string;
            asOf: string | null;
            position: number | null;
            funds: {
                unit: components["schemas"]["Unit"];
                budget: components["schemas"]["Amount"];
                granted: components["schemas"]["Amount"];
                spent: components["schemas"]["Amount"];
                spentBy: {
                    /** @enum {string} */
                    placement: "live" | "short_video";
                    amount: components["schemas"]["Amount"];
                }[];
                expired: components["schemas"]["Amount"];
                clawedBack: components["schemas"]["Amount"];
                left: components["schemas"]["Amount"];
            }[];
        };
        ProgramList: {
            programs: components["schemas"]["PublishedProgram"][];
        };
        ProgramPause: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            since: string;
            pausedBy: string;
            reason: string;
        };
        ProgramPublication: {
            program: string;
            version: number;
            /** @description SHA-256 of its file as canonical JSON (RFC 8785). */
            programHash: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            publishedAt: string;
            publishedBy: string;
            sequence: number;
        };
        ProgramState: {
            program: string;
            paused: components["schemas"]["ProgramPause"] | null;
        };
        ProgramTurnRequest: {
            /** @description Why: it stands in the record for good. */
            reason: string;
        };
        Proposal: {
            proposalId: string;
            /** @enum {string} */
            state: "proposed" | "cut_short" | "partly_approved" | "partly_rejected" | "approved" | "rejected";
            reason: string;
            proposedBy: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            proposedAt: string;
            spreadOver: number;
            parts: {
                shard: number;
                adjustment: components["schemas"]["Adjustment"];
                decided: components["schemas"]["ProposalDecision"] | null;
            }[];
        };
        ProposalDecision: {
            /** @enum {string} */
            decision: "approved" | "rejected";
            decidedBy: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            decidedAt: string;
            reason: string | null;
            entryId: string | null;
        };
        ProposalPage: {
            proposals: components["schemas"]["Proposal"][];
            next: string | null;
        };
        ProposalRequest: {
            adjustment: components["schemas"]["RequestedAdjustment"];
            /** @description Why: it stands in the record for good. */
            reason: string;
        };
        PublishedProgram: {
            program: string;
            versions: {
                version: number;
                /** @description SHA-256 of its file as canonical JSON (RFC 8785). */
                programHash: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 */
                publishedAt: string;
                publishedBy: string | null;
                isInForce: boolean;
                budgets: {
                    unit: components["schemas"]["Unit"];
                    amount: components["schemas"]["Amount"];
                }[];
            }[];
            paused: components["schemas"]["ProgramPause"] | null;
            shardsToFollow: number;
            funds: {
                unit: components["schemas"]["Unit"];
                budget: components["schemas"]["Amount"];
                granted: components["schemas"]["Amount"];
                expired: components["schemas"]["Amount"];
                clawedBack: components["schemas"]["Amount"];
                left: components["schemas"]["Amount"];
            }[];
        };
        RejectionRequest: {
            /** @description Why: it stands in the record for good. */
            reason: string;
        };
        ReplayRequest: {
            /** @description The event as it should have been; without, as it was. */
            event?: {
                [key: string]: unknown;
            };
        };
        Replayed: {
            topic: string;
            merchantId: string;
            source: string;
            id: string;
        };
        RequestedAdjustment: {
            /** @constant */
            type: "give";
            /** @description Well-formed Unicode without control characters */
            merchantId: string;
            /** @description The name of a program. */
            program: string;
            unit: components["schemas"]["Unit"];
            /** @description In minor units: impressions, or fen. */
            amount: number;
            /**
             * Format: date-time
             * @description When the lot expires.
             */
            expiresAt: string;
        } | {
            /** @constant */
            type: "take_back";
            lotId: string;
            /** @description In minor units: impressions, or fen. */
            amount: number;
        } | {
            /** @constant */
            type: "budget";
            /** @description The name of a program. */
            program: string;
            unit: components["schemas"]["Unit"];
            /** @description Less than 0 cuts the budget. */
            amount: number;
            /** @description The one whose pool it is for; its home, by default. */
            shard?: number;
        } | {
            /** @constant */
            type: "cash";
            /** @description Well-formed Unicode without control characters */
            merchantId: string;
            /** @description The name of a program. */
            program: string;
            /** @description In minor units: impressions, or fen. */
            amount: number;
        } | {
            /** @constant */
            type: "payout";
            /** @description Well-formed Unicode without control characters */
            merchantId: string;
            /** @description In minor units: impressions, or fen. */
            amount: number;
        };
        ResultGroup: {
            /** Format: date */
            day?: string;
            placement?: components["schemas"]["Placement"];
            sessionId?: string;
            videoId?: string;
            impressions: components["schemas"]["Amount"];
            /** Format: int64 */
            clicks: number;
            /** Format: int64 */
            orders: number;
            gmvMinor: components["schemas"]["Amount"];
            gmvMinorPerThousand: components["schemas"]["Amount"] | null;
        };
        Results: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** @enum {string} */
            by: "day" | "placement" | "session" | "video";
            results: components["schemas"]["ResultGroup"][];
            total: components["schemas"]["ResultGroup"];
            comparisons: components["schemas"]["Comparison"][];
        };
        RiskFlag: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            source: string;
            id: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            flaggedAt: string;
        };
        RiskFlagRequest: {
            /** @description Why, for whoever asks later. */
            reason: string;
        };
        StatementLine: {
            entryId: string;
            journal: components["schemas"]["Journal"];
            /** Format: int64 */
            sequence: number;
            line: number;
            kind: components["schemas"]["EntryKind"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            recordedAt: string;
            /** @enum {string} */
            account: "available" | "reserved" | "owed" | "payable";
            unit: components["schemas"]["Unit"];
            amount: components["schemas"]["Amount"];
            balance: components["schemas"]["Amount"];
            lotId: string | null;
            explanation: {
                zh: string;
                en: string;
            };
        };
        StatementPage: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            opening: components["schemas"]["AccountBalance"][];
            closing: components["schemas"]["AccountBalance"][];
            lines: components["schemas"]["StatementLine"][];
            next: string | null;
        };
        TrialBalance: {
            asOf: string | null;
            position: number | null;
            accounts: {
                account: string;
                unit: components["schemas"]["Unit"];
                balance: components["schemas"]["Amount"];
            }[];
        };
        /** @enum {string} */
        Unit: "LIVE_IMP" | "VIDEO_IMP" | "ANY_IMP" | "CNY";
        Wallet: {
            /** @description Of a merchant; one that nobody has heard of has nothing. */
            merchantId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            asOf: string;
            balances: components["schemas"]["WalletBalance"][];
            lots: components["schemas"]["WalletLot"][];
        };
        WalletBalance: {
            unit: components["schemas"]["Unit"];
            available: components["schemas"]["Amount"];
            reserved: components["schemas"]["Amount"];
            spent: components["schemas"]["Amount"];
            expired: components["schemas"]["Amount"];
            clawedBack: components["schemas"]["Amount"];
            owed: components["schemas"]["Amount"];
            payable: components["schemas"]["Amount"];
            paidOut: components["schemas"]["Amount"];
        };
        WalletLot: {
            lotId: string;
            unit: components["schemas"]["Unit"];
            granted: components["schemas"]["Amount"];
            remaining: components["schemas"]["Amount"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt: string;
            program: string;
            entryId: string;
        };
    };
    responses: {
        /** @description `balances-not-as-sealed`: the ledger has other balances than were sealed: verify it */
        "balances-not-as-sealed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:balances-not-as-sealed";
                };
            };
        };
        /** @description `change-in-progress`: the change with this key is being made; ask again */
        "change-in-progress": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:change-in-progress";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again */
        "database-unavailable.deadline-exceeded.keys-unavailable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `kafka-unavailable`: what was asked for may or may not have been done; try again with the same key */
        "database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable" | "urn:traffic-reward-ledger:problem:kafka-unavailable";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `log-unavailable`: the api has no transparency log, or nothing is signed yet */
        "database-unavailable.deadline-exceeded.keys-unavailable.log-unavailable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable" | "urn:traffic-reward-ledger:problem:log-unavailable";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `too-many-dry-runs`: another draft is being run; try again later */
        "database-unavailable.deadline-exceeded.keys-unavailable.too-many-dry-runs": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable" | "urn:traffic-reward-ledger:problem:too-many-dry-runs";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `too-many-exports`: as many exports run as can; try again later */
        "database-unavailable.deadline-exceeded.keys-unavailable.too-many-exports": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable" | "urn:traffic-reward-ledger:problem:too-many-exports";
                };
            };
        };
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `too-many-streams`: as many streams are open as can be; close one, or try again later */
        "database-unavailable.deadline-exceeded.keys-unavailable.too-many-streams": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:database-unavailable" | "urn:traffic-reward-ledger:problem:deadline-exceeded" | "urn:traffic-reward-ledger:problem:keys-unavailable" | "urn:traffic-reward-ledger:problem:too-many-streams";
                };
            };
        };
        /** @description `forbidden`: the token does not give the right to this call */
        forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:forbidden";
                };
            };
        };
        /** @description `idempotency-key-reused`: the key was used for another change */
        "idempotency-key-reused": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:idempotency-key-reused";
                };
            };
        };
        /** @description `idempotency-key-reused`: the key was used for another change; `adjustment-refused`: it must not, or cannot, be made; `detail` says why */
        "idempotency-key-reused.adjustment-refused": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:idempotency-key-reused" | "urn:traffic-reward-ledger:problem:adjustment-refused";
                };
            };
        };
        /** @description `idempotency-key-reused`: the key was used for another change; `dead-letter-unreadable`: published again, it would be a dead letter again */
        "idempotency-key-reused.dead-letter-unreadable": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:idempotency-key-reused" | "urn:traffic-reward-ledger:problem:dead-letter-unreadable";
                };
            };
        };
        /** @description `internal-error`: a defect of the service */
        "internal-error": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:internal-error";
                };
            };
        };
        /** @description `invalid-request`: `errors` names each field that is wrong; `bad-request`: the path or the body cannot be read at all */
        "invalid-request.bad-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:invalid-request" | "urn:traffic-reward-ledger:problem:bad-request";
                };
            };
        };
        /** @description `invalid-request`: `errors` names each field that is wrong; `bad-request`: the path or the body cannot be read at all; `idempotency-key-missing`: a change needs an `Idempotency-Key` */
        "invalid-request.bad-request.idempotency-key-missing": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:invalid-request" | "urn:traffic-reward-ledger:problem:bad-request" | "urn:traffic-reward-ledger:problem:idempotency-key-missing";
                };
            };
        };
        /** @description `not-found`: there is no such call, or not what it names */
        "not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:not-found";
                };
            };
        };
        /** @description `payload-too-large`: the body is over 16 KiB */
        "payload-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:payload-too-large";
                };
            };
        };
        /** @description `precondition-failed`: it is no longer what `If-Match` says */
        "precondition-failed": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:precondition-failed";
                };
            };
        };
        /** @description `too-many-requests`: wait as long as `Retry-After` says */
        "too-many-requests": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:too-many-requests";
                };
            };
        };
        /** @description `unauthenticated`: the call needs a token; `invalid-token`: the token is not taken; `detail` says why */
        "unauthenticated.invalid-token": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:unauthenticated" | "urn:traffic-reward-ledger:problem:invalid-token";
                };
            };
        };
        /** @description `unsupported-media-type`: the body is not `application/json`, by its `Content-Type` */
        "unsupported-media-type": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @enum {unknown} */
                    type?: "urn:traffic-reward-ledger:problem:unsupported-media-type";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readAsyncApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asyncapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
        };
    };
    readLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            /** @description Good */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
        };
    };
    readOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
        };
    };
    listAdjustments: {
        parameters: {
            query?: {
                /** @description Those alone that wait for somebody to decide. */
                open?: boolean;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    proposeAdjustment: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposalRequest"];
            };
        };
        responses: {
            /** @description Good */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.adjustment-refused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readAdjustment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposalId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    approveAdjustment: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                proposalId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["change-in-progress"];
            422: components["responses"]["idempotency-key-reused.adjustment-refused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    rejectAdjustment: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                proposalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectionRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proposal"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.adjustment-refused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    listChanges: {
        parameters: {
            query?: {
                /** @description Well-formed Unicode without control characters */
                merchant?: string;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangePage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    listConsumers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consumers"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable"];
        };
    };
    replayDeadLetter: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                partition: number;
                offset: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description Good */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused.dead-letter-unreadable"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable"];
        };
    };
    listEntries: {
        parameters: {
            query?: {
                /** @description Well-formed Unicode without control characters */
                merchant?: string;
                /** @description That the cause names. */
                program?: string;
                /** @description Of the program. */
                version?: number;
                kind?: components["schemas"]["EntryKind"];
                /** @description The type of the cause, e.g. goal_reached. */
                cause?: string;
                /** @description Recorded from then on. */
                from?: string;
                /** @description Recorded ahead of that: the first instant that is left out. */
                to?: string;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readEntry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    listEffectsOfEvent: {
        parameters: {
            query: {
                /** @description Of the event, as CloudEvents have it. */
                source: string;
                /** @description Of the event, within its source. */
                id: string;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    exportEntries: {
        parameters: {
            query: {
                format: "csv" | "ndjson" | "parquet" | "hledger";
                /** @description The time by which an entry belongs to the period. */
                by?: "recorded" | "occurred";
                /** @description From then on; from the first entry on, by default. */
                from?: string;
                /** @description The first instant that is left out; none, by default. */
                to?: string;
                /** @description Well-formed Unicode without control characters */
                program?: string;
                /** @description Well-formed Unicode without control characters */
                merchant?: string;
                /** @description Of the dates in an hledger journal. */
                timeZone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                    "application/x-ndjson": unknown;
                    "application/vnd.apache.parquet": unknown;
                    "text/plain": unknown;
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.too-many-exports"];
        };
    };
    listGrantsBeforeFlag: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlaggedGrantPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readTotals: {
        parameters: {
            query?: {
                /** @description What totals are told apart by, with commas between. */
                by?: string;
                /** @description Of what was recorded from then on; of all, by default. */
                from?: string;
                /** @description As it was recorded by then; now, by default. */
                at?: string;
                /** @description As it was with this position of the log, from 0 on. */
                position?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerTotals"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readTrialBalance: {
        parameters: {
            query?: {
                /** @description As it was recorded by then; now, by default. */
                at?: string;
                /** @description As it was with this position of the log, from 0 on. */
                position?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialBalance"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readCheckpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkpoint"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.log-unavailable"];
        };
    };
    proveConsistency: {
        parameters: {
            query: {
                from: number;
                to?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsistencyProof"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.log-unavailable"];
        };
    };
    proveInclusion: {
        parameters: {
            query: {
                entry: string;
                size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InclusionProof"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.log-unavailable"];
        };
    };
    readLifeOfLot: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                lotId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LifeOfLotPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readAutoPromotion: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of an earlier answer: 304 where nothing has changed since. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    /** @description Another for another content (RFC 9110). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoPromotion"];
                };
            };
            /** @description As it was */
            304: {
                headers: {
                    /** @description Another for another content (RFC 9110). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    turnAutoPromotion: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
                /** @description The `ETag` of what was read: the change is refused where that is no longer what there is. */
                "If-Match"?: string;
            };
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AutoPromotionRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoPromotion"];
                };
            };
            /** @description Good */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoPromotion"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["change-in-progress"];
            412: components["responses"]["precondition-failed"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable"];
        };
    };
    readBalances: {
        parameters: {
            query?: {
                /** @description As it was recorded by then; now, by default. */
                at?: string;
                /** @description As it was with this position of the log, from 0 on. */
                position?: number;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MerchantBalances"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    proveBalances: {
        parameters: {
            query?: {
                /** @description The last one that is signed, by default. */
                block?: number;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceProof"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["balances-not-as-sealed"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.log-unavailable"];
        };
    };
    listMerchantEntries: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MerchantEntryPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    followEntries: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was seen: what came after it is told first. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.too-many-streams"];
        };
    };
    listGrants: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    listLots: {
        parameters: {
            query?: {
                /** @description As it was recorded by then; now, by default. */
                at?: string;
                /** @description As it was with this position of the log, from 0 on. */
                position?: number;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LotPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    listExpiringLots: {
        parameters: {
            query?: {
                /** @description Days of 24 hours from now on. */
                withinDays?: number;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExpiringLotPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readResults: {
        parameters: {
            query?: {
                /** @description A day in Asia/Shanghai: `to` today, `from` 29 days before it, by default; 400 days at most. */
                from?: string;
                /** @description A day in Asia/Shanghai: `to` today, `from` 29 days before it, by default; 400 days at most. */
                to?: string;
                /** @description What there is a line of; of a session or a video alone. */
                by?: "day" | "placement" | "session" | "video";
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    flagMerchant: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RiskFlagRequest"];
            };
        };
        responses: {
            /** @description Good */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RiskFlag"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.kafka-unavailable"];
        };
    };
    readStatement: {
        parameters: {
            query?: {
                /** @description From then on; from the first entry on, by default. */
                from?: string;
                /** @description Until then: the first instant that is left out; now, by default. */
                to?: string;
                /** @description As it was with this position of the log, from 0 on. */
                fromPosition?: number;
                /** @description As it was with this position of the log, from 0 on. */
                toPosition?: number;
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementPage"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readWallet: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of an earlier answer: 304 where nothing has changed since. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Of a merchant; one that nobody has heard of has nothing. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    /** @description Another for another content (RFC 9110). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wallet"];
                };
            };
            /** @description As it was */
            304: {
                headers: {
                    /** @description Another for another content (RFC 9110). */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    checkPrograms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProgramCheckRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramCheck"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    dryRunProgram: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRunRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable.too-many-dry-runs"];
        };
    };
    listPrograms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramList"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    publishProgram: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProgramFile"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramPublication"];
                };
            };
            /** @description Good */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramPublication"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readProgram: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Well-formed Unicode without control characters */
                program: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedProgram"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    readProgramFunds: {
        parameters: {
            query?: {
                /** @description As it was recorded by then; now, by default. */
                at?: string;
                /** @description As it was with this position of the log, from 0 on. */
                position?: number;
            };
            header?: never;
            path: {
                /** @description Well-formed Unicode without control characters */
                program: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramFunds"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    pauseProgram: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Well-formed Unicode without control characters */
                program: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProgramTurnRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramState"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    resumeProgram: {
        parameters: {
            query?: never;
            header: {
                /** @description A new one for each change, such as a UUID: asking again with the same one changes nothing twice. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Well-formed Unicode without control characters */
                program: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProgramTurnRequest"];
            };
        };
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgramState"];
                };
            };
            400: components["responses"]["invalid-request.bad-request.idempotency-key-missing"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not-found"];
            409: components["responses"]["change-in-progress"];
            413: components["responses"]["payload-too-large"];
            415: components["responses"]["unsupported-media-type"];
            422: components["responses"]["idempotency-key-reused"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    reconcileActivity: {
        parameters: {
            query?: {
                /** @description Of this shard alone. */
                shard?: number;
                /** @description Of events that happened from then on, by their own time. */
                from?: string;
                /** @description Of events that happened ahead of that. */
                to?: string;
                /** @description After how many differences a page ends; what is looked at last may add a few more. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityReconciliation"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
    reconcileDeliveries: {
        parameters: {
            query?: {
                /** @description Of this shard alone. */
                shard?: number;
                /** @description Recorded from then on. */
                from?: string;
                /** @description Recorded ahead of that: the first instant that is left out. */
                to?: string;
                /** @description Differences of this kind alone. */
                difference?: components["schemas"]["DeliveryDifferenceKind"];
                /** @description After how many differences a page ends; what is looked at last may add a few more. */
                limit?: number;
                /** @description The `next` of an earlier answer; the first page without. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Good */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryReconciliation"];
                };
            };
            400: components["responses"]["invalid-request.bad-request"];
            401: components["responses"]["unauthenticated.invalid-token"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too-many-requests"];
            500: components["responses"]["internal-error"];
            503: components["responses"]["database-unavailable.deadline-exceeded.keys-unavailable"];
        };
    };
}
