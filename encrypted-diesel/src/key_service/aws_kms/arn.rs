use crate::error::ServiceError;

/// The full ARN of a KMS key. Aliases are refused: whoever may move one could put another key in the place of ours.
#[derive(Clone, Copy)]
pub(super) struct Arn<'a> {
    arn: &'a str,
    region: &'a str,
}

impl<'a> Arn<'a> {
    pub(super) fn parse(arn: &'a str) -> Result<Self, ServiceError> {
        match arn.split(':').collect::<Vec<_>>()[..] {
            ["arn", partition, "kms", region, account, key]
                if ![partition, region, account].contains(&"")
                    && key.strip_prefix("key/").is_some_and(|id| !id.is_empty()) =>
            {
                Ok(Self { arn, region })
            }
            _ => Err(ServiceError::Settings {
                reason: "name the key by its full ARN, arn:aws:kms:REGION:ACCOUNT:key/ID: not by an alias or its id alone"
                    .to_owned(),
            }),
        }
    }

    pub(super) fn as_str(&self) -> &'a str {
        self.arn
    }

    pub(super) fn region(&self) -> &'a str {
        self.region
    }

    /// Compares the key that KMS says it has used.
    pub(super) fn require(&self, used: Option<&str>) -> Result<(), ServiceError> {
        match used == Some(self.arn) {
            true => Ok(()),
            false => Err(ServiceError::Rejected { reason: "the answer is about another key".to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_arn_of_a_key_alone() {
        let good = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd";
        let arn = Arn::parse(good).map(|arn| (arn.as_str(), arn.region()));
        assert_eq!(arn, Ok((good, "us-gov-west-1")));
        for wrong in [
            "alias/app",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-east-1:111122223333:alias/app",
            "arn:aws:kms:us-east-1:111122223333:key/",
            "arn:aws:kms::111122223333:key/1234abcd",
            "arn:aws:s3:us-east-1:111122223333:key/1234abcd",
            "arn:aws:kms:us-east-1:111122223333:key/1234abcd:more",
        ] {
            assert!(matches!(Arn::parse(wrong), Err(ServiceError::Settings { .. })), "{wrong}");
        }
    }
}
