// Generated from apps/api/openapi.json.

export interface paths {
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
                dailyCapImpressions?: number;
                placements?: ("live" | "short_video")[];
                minimumImpressionsPerSession?: number;
            };
            since: string | null;
            pending?: {
                /** @constant */
                enabled: true;
                /** @default {} */
                limits: {
                    dailyCapImpressions?: number;
                    placements?: ("live" | "short_video")[];
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
                dailyCapImpressions?: number;
                placements?: ("live" | "short_video")[];
                minimumImpressionsPerSession?: number;
            };
        } | {
            /** @constant */
            enabled: false;
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
        /** @description `database-unavailable`: the database does not answer; try again; `deadline-exceeded`: the database took too long; `keys-unavailable`: the keys of an issuer cannot be had; try again; `kafka-unavailable`: the switch may or may not have been turned; try again with the same key */
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
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
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
    listChanges: {
        parameters: {
            query?: {
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
    listEntries: {
        parameters: {
            query?: {
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
                program?: string;
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
}
